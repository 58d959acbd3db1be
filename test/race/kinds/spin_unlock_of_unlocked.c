/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * spin_unlock_of_unlocked.c: a spin lock is given back that nobody holds.
 *
 * finds: mutex-bad-unlock main@again
 */
#include "case.h"

int main(void)
{
	pthread_spinlock_t lock;
	pthread_spin_init(&lock, PTHREAD_PROCESS_PRIVATE);
	pthread_spin_lock(&lock);
	pthread_spin_unlock(&lock);
	if (!RIGHT)
		pthread_spin_unlock(&lock); /* @again */
	pthread_spin_destroy(&lock);
}
