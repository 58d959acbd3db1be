/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * use_after_free_from_another_thread.c: one thread frees what another still reads.
 *
 * location: Location is heap block of size 32
 * race: free @free give_back worker / read @read look main
 */
#include "case.h"

#include <stdlib.h>

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;

NOINLINE static void give_back(int *block)
{
	free(block); /* @free */
	STAY();
}

NOINLINE static int look(int *block)
{
	return block[3]; /* @read */
}

static void *worker(void *block)
{
	if (RIGHT) {
		await_step(1);
		pthread_mutex_lock(&mutex);
		pthread_mutex_unlock(&mutex);
	}
	give_back(block);
	make_step();
	return NULL;
}

int main(void)
{
	int *block = malloc(32);
	for (int i = 0; i < 8; i++)
		block[i] = i;
	pthread_t thread = start(worker, block);
	if (!RIGHT)
		await_step(1);
	pthread_mutex_lock(&mutex);
	volatile int sum = look(block);
	pthread_mutex_unlock(&mutex);
	make_step();
	finish(thread);
	return sum == -1;
}
