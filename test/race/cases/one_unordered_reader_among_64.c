/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * one_unordered_reader_among_64.c: 64 threads read 512 words before the writer starts to write, ordered by a
 * mutex; one more reads them without it.
 *
 * addresses: 512
 */
#include "case.h"

enum { WORDS = 512, READERS = 64 };
SHARED long words[WORDS];
SHARED long sums[READERS + 1][8];
static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;

NOINLINE static void look(long *sum)
{
	for (int i = 0; i < WORDS; i++)
		*sum += words[i];
}

static void *reader(void *argument)
{
	long number = (long)argument;
	await_step((int)number);
	if (RIGHT || number != 20)
		pthread_mutex_lock(&mutex);
	look(sums[number]);
	if (RIGHT || number != 20)
		pthread_mutex_unlock(&mutex);
	make_step();
	return NULL;
}

int main(void)
{
	pthread_t threads[READERS + 1];
	for (long i = 0; i <= READERS; i++)
		threads[i] = start(reader, (void *)i);
	await_step(READERS + 1);
	pthread_mutex_lock(&mutex);
	for (int i = 0; i < WORDS; i++) {
		words[i] = i;
		STAY(); /* one by one */
	}
	pthread_mutex_unlock(&mutex);
	for (int i = 0; i <= READERS; i++)
		finish(threads[i]);
}
