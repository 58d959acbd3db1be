/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * lock_of_uninitialized_mutex.c: memory that was never made a mutex is used as one.
 *
 * finds: mutex-invalid-access main@used
 */
#include "case.h"

#include <string.h>

int main(void)
{
	static pthread_mutex_t lock;
	memset(&lock, 0x5a, sizeof lock);
	*(int *)&lock = 0; /* to stop at the first user would be no proof */
	if (RIGHT)
		pthread_mutex_init(&lock, NULL);
	if (!pthread_mutex_lock(&lock)) /* @used */
		pthread_mutex_unlock(&lock);
}
