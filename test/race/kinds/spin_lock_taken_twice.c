/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * spin_lock_taken_twice.c: a thread spins for a lock that it holds itself.
 *
 * finds: mutex-double-lock main@again main@taken
 * finds: deadlock main@again main@taken
 * hangs: yes
 */
#include "case.h"

static void *nothing(void *argument)
{
	return argument;
}

int main(void)
{
	pthread_spinlock_t lock;
	pthread_spin_init(&lock, PTHREAD_PROCESS_PRIVATE);
	finish(start(nothing, NULL));
	pthread_spin_lock(&lock); /* @taken */
	if (!RIGHT)
		pthread_spin_lock(&lock); /* @again */
	pthread_spin_unlock(&lock);
	pthread_spin_destroy(&lock);
}
