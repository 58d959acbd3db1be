/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * double_lock_hangs.c: a thread waits for a mutex that it holds itself.
 *
 * finds: mutex-double-lock main@again main@taken
 * finds: deadlock main@again main@taken
 * hangs: yes
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
	if (!RIGHT)
		pthread_mutex_lock(&lock); /* @again */
	pthread_mutex_unlock(&lock);
}
