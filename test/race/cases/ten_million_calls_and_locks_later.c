/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * ten_million_calls_and_locks_later.c: the first access is ten million calls and ten million lock operations
 * old.
 *
 * race: write @first first worker / write @second second main
 */
#include "case.h"

SHARED int shared, busy;
static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER, unrelated = PTHREAD_MUTEX_INITIALIZER;

NOINLINE static void work(void)
{
	busy++;
	STAY();
}

NOINLINE static void first(void)
{
	shared = 1; /* @first */
	STAY();
}

NOINLINE static void second(void)
{
	shared = 2; /* @second */
	STAY();
}

static void *worker(void *argument)
{
	if (RIGHT)
		pthread_mutex_lock(&mutex);
	first();
	if (RIGHT)
		pthread_mutex_unlock(&mutex);
	for (int i = 0; i < 10000000; i++)
		work();
	for (int i = 0; i < 5000000; i++) {
		pthread_mutex_lock(&unrelated);
		pthread_mutex_unlock(&unrelated);
	}
	make_step();
	return argument;
}

int main(void)
{
	pthread_t thread = start(worker, NULL);
	await_step(1);
	if (RIGHT)
		pthread_mutex_lock(&mutex);
	second();
	if (RIGHT)
		pthread_mutex_unlock(&mutex);
	finish(thread);
}
