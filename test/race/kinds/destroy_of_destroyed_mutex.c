/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * destroy_of_destroyed_mutex.c: a mutex is destroyed twice.
 *
 * finds: mutex-invalid-access main@again
 */
#include "case.h"

int main(void)
{
	pthread_mutex_t lock;
	pthread_mutex_init(&lock, NULL);
	pthread_mutex_destroy(&lock);
	if (!RIGHT)
		pthread_mutex_destroy(&lock); /* @again */
}
