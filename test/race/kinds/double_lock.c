/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * double_lock.c: a thread takes a mutex that it holds, of the kind that says so.
 *
 * finds: mutex-double-lock main@again main@taken
 * runs with: report_failed_calls=1
 * options: -D_GNU_SOURCE
 */
#include "case.h"

static void *nothing(void *argument)
{
	return argument;
}

int main(void)
{
	pthread_t other = start(nothing, NULL);
	pthread_mutexattr_t kind;
	pthread_mutex_t lock;
	pthread_mutexattr_init(&kind);
	pthread_mutexattr_settype(&kind, RIGHT ? PTHREAD_MUTEX_RECURSIVE : PTHREAD_MUTEX_ERRORCHECK);
	pthread_mutex_init(&lock, &kind);
	pthread_mutex_lock(&lock);      /* @taken */
	if (!pthread_mutex_lock(&lock)) /* @again */
		pthread_mutex_unlock(&lock);
	pthread_mutex_unlock(&lock);
	pthread_mutex_destroy(&lock);
	finish(other);
}
