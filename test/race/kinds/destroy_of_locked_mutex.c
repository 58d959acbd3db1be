/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * destroy_of_locked_mutex.c: a mutex is destroyed while its destroyer holds it.
 *
 * finds: locked-mutex-destroy main@gone main@taken
 */
#include "case.h"

SHARED pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

static void *nothing(void *argument)
{
	return argument;
}

int main(void)
{
	finish(start(nothing, NULL));
	pthread_mutex_lock(&lock); /* @taken */
	if (RIGHT)
		pthread_mutex_unlock(&lock);
	pthread_mutex_destroy(&lock); /* @gone */
}
