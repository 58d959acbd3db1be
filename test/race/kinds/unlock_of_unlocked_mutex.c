/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * unlock_of_unlocked_mutex.c: a mutex is given back twice; the twin does so once.
 *
 * finds: mutex-bad-unlock main@again
 */
#include "case.h"

SHARED pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

int main(void)
{
	pthread_mutex_lock(&lock);
	pthread_mutex_unlock(&lock);
	if (!RIGHT)
		pthread_mutex_unlock(&lock); /* @again */
}
