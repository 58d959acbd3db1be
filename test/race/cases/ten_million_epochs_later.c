/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * ten_million_epochs_later.c: like ten_million_calls_and_locks_later, but with an access in every critical
 * section, so that each of the five million releases ends an epoch; and the first thread is long gone.
 *
 * race: write @first first worker / write @second second late
 */
#include "case.h"

SHARED int shared, busy;
static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER, unrelated = PTHREAD_MUTEX_INITIALIZER;

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
	first();
	if (RIGHT) {
		pthread_mutex_lock(&mutex);
		pthread_mutex_unlock(&mutex);
	}
	make_step();
	return argument;
}

static void *late(void *argument)
{
	await_step(2);
	if (RIGHT) {
		pthread_mutex_lock(&mutex);
		pthread_mutex_unlock(&mutex);
	}
	second();
	return argument;
}

int main(void)
{
	pthread_t one = start(worker, NULL), two = start(late, NULL);
	await_step(1);
	finish(one);
	for (int i = 0; i < 5000000; i++) {
		pthread_mutex_lock(&unrelated);
		busy++;
		pthread_mutex_unlock(&unrelated);
	}
	make_step();
	finish(two);
}
