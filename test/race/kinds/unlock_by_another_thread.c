/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * unlock_by_another_thread.c: a thread gives a mutex back that another one took.
 *
 * finds: mutex-bad-unlock give@given main@taken
 */
#include "case.h"

SHARED pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

static void *give(void *argument)
{
	pthread_mutex_unlock(&lock); /* @given */
	STAY();
	return argument;
}

static void *nothing(void *argument)
{
	return argument;
}

int main(void)
{
	pthread_t first = start(nothing, NULL), other;
	pthread_mutex_lock(&lock); /* @taken */
	if (RIGHT)
		pthread_mutex_unlock(&lock);
	other = start(RIGHT ? nothing : give, NULL);
	finish(other);
	finish(first);
}
