/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * call_that_fails.c: a function of locks fails, and nobody looks.
 *
 * finds: pthread-call-failed main@fails
 * runs with: report_failed_calls=1
 * options: -D_GNU_SOURCE
 */
#include "case.h"

int main(void)
{
	pthread_mutex_t lock;
	pthread_mutexattr_t kind;
	pthread_mutexattr_init(&kind);
	pthread_mutexattr_setprotocol(&kind, PTHREAD_PRIO_PROTECT);
	pthread_mutexattr_setprioceiling(&kind, 1);
	pthread_mutex_init(&lock, RIGHT ? NULL : &kind);
	if (!pthread_mutex_lock(&lock)) /* @fails */
		pthread_mutex_unlock(&lock);
	pthread_mutex_destroy(&lock);
}
