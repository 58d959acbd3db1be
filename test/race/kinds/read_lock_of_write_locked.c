/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * read_lock_of_write_locked.c: a writer of a read-write lock wants to read too.
 *
 * finds: mutex-bad-read-lock main@again main@taken
 */
#include "case.h"

SHARED pthread_rwlock_t lock = PTHREAD_RWLOCK_INITIALIZER;

static void *nothing(void *argument)
{
	return argument;
}

int main(void)
{
	finish(start(nothing, NULL));
	if (RIGHT)
		pthread_rwlock_rdlock(&lock);
	else
		pthread_rwlock_wrlock(&lock); /* @taken */
	if (!pthread_rwlock_rdlock(&lock))    /* @again */
		pthread_rwlock_unlock(&lock);
	pthread_rwlock_unlock(&lock);
}
