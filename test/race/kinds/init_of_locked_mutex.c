/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * init_of_locked_mutex.c: a mutex is made anew while it is held.
 *
 * finds: mutex-reinit main@anew main@taken
 * also: mutex-bad-unlock
 */
#include "case.h"

static pthread_mutex_t lock;

static void *nothing(void *argument)
{
	return argument;
}

int main(void)
{
	pthread_mutex_init(&lock, NULL);
	finish(start(nothing, NULL));
	pthread_mutex_lock(&lock); /* @taken */
	if (RIGHT) {
		pthread_mutex_unlock(&lock);
		pthread_mutex_destroy(&lock);
	}
	pthread_mutex_init(&lock, NULL); /* @anew */
	if (!RIGHT)
		pthread_mutex_unlock(&lock);
}
