/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * unlock_of_unlocked_rwlock.c: a read-write lock is given back once too often.
 *
 * finds: mutex-bad-unlock main@again
 */
#include "case.h"

SHARED pthread_rwlock_t lock = PTHREAD_RWLOCK_INITIALIZER;

int main(void)
{
	pthread_rwlock_rdlock(&lock);
	pthread_rwlock_rdlock(&lock);
	pthread_rwlock_unlock(&lock);
	pthread_rwlock_unlock(&lock);
	if (RIGHT)
		pthread_rwlock_wrlock(&lock);
	pthread_rwlock_unlock(&lock); /* @again */
}
