/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * freed_block_reused.c: memory that one thread freed and another got is new: what was done to it before is
 * over. But an access in the dark before the free races with the free.
 *
 * location: Location is heap block of size 32
 * race: read @read look worker / free @free give_back main
 */
#include "case.h"

#include <stdlib.h>

SHARED int *block;

NOINLINE static void give_back(void)
{
	free(block); /* @free */
	STAY();
}

NOINLINE static int look(void)
{
	return block[3]; /* @read */
}

static void *worker(void *argument)
{
	if (!RIGHT)
		argument = look() ? argument : NULL;
	make_step();
	await_step(2);
	for (int i = 0; i < 1000; i++) {
		int *mine = malloc(32);
		mine[3] = i;
		free(mine);
	}
	return argument;
}

int main(void)
{
	block = malloc(32);
	block[3] = 5;
	pthread_t thread = start(worker, NULL);
	await_step(1);
	give_back();
	make_step();
	finish(thread);
}
