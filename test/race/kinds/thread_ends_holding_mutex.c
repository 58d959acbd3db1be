/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * thread_ends_holding_mutex.c: a thread ends and never gives its mutex back.
 *
 * finds: mutex-held-at-thread-end keeper@taken
 */
#include "case.h"

SHARED pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

static void *keeper(void *argument)
{
	pthread_mutex_lock(&lock); /* @taken */
	if (RIGHT)
		pthread_mutex_unlock(&lock);
	return argument;
}

int main(void)
{
	finish(start(keeper, NULL));
}
