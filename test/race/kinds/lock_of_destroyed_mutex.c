/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * lock_of_destroyed_mutex.c: a mutex is used after it was destroyed; the twin makes it anew.
 *
 * finds: mutex-invalid-access main@used
 * finds: mutex-invalid-access main@given
 */
#include "case.h"

SHARED pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

int main(void)
{
	pthread_mutex_destroy(&lock);
	if (RIGHT)
		lock = (pthread_mutex_t)PTHREAD_MUTEX_INITIALIZER;
	pthread_mutex_lock(&lock);   /* @used */
	pthread_mutex_unlock(&lock); /* @given */
}
