/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * hang_of_join.c: a thread joins another that waits for the mutex which the first one holds.
 *
 * finds: deadlock
 * circle: main@joins wants@wants main@taken
 * hangs: yes
 */
#include "case.h"

SHARED pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

static void *wants(void *argument)
{
	pthread_mutex_lock(&lock); /* @wants */
	pthread_mutex_unlock(&lock);
	return argument;
}

int main(void)
{
	pthread_t other = start(wants, NULL), early;
	finish(other);
	pthread_mutex_lock(&lock); /* @taken */
	early = start(wants, NULL);
	if (RIGHT)
		pthread_mutex_unlock(&lock);
	pthread_join(early, NULL); /* @joins */
	if (!RIGHT)
		pthread_mutex_unlock(&lock);
}
