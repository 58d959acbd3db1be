/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * rwlock_used_after_destroy.c: a read-write lock is used after it was destroyed.
 *
 * finds: mutex-invalid-access main@used
 * finds: mutex-invalid-access main@given
 */
#include "case.h"

SHARED pthread_rwlock_t lock = PTHREAD_RWLOCK_INITIALIZER;

int main(void)
{
	pthread_rwlock_wrlock(&lock);
	pthread_rwlock_unlock(&lock);
	pthread_rwlock_destroy(&lock);
	if (RIGHT)
		lock = (pthread_rwlock_t)PTHREAD_RWLOCK_INITIALIZER;
	pthread_rwlock_rdlock(&lock); /* @used */
	pthread_rwlock_unlock(&lock); /* @given */
}
