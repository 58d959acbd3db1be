/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * cond_wait_without_mutex.c: a condition is waited on with a mutex that the thread does not hold.
 *
 * finds: cond-wrong-mutex main@waits
 */
#include "case.h"

#include <errno.h>
#include <time.h>

SHARED pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
SHARED pthread_cond_t cond = PTHREAD_COND_INITIALIZER;

int main(void)
{
	struct timespec past = {1, 0};
	if (RIGHT)
		pthread_mutex_lock(&lock);
	pthread_cond_timedwait(&cond, &lock, &past); /* @waits */
	if (RIGHT)
		pthread_mutex_unlock(&lock);
}
