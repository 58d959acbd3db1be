/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * destroy_of_held_spin_lock.c: a spin lock is destroyed while another thread holds it.
 *
 * finds: locked-mutex-destroy main@gone holder@taken
 */
#include "case.h"

static pthread_spinlock_t lock;

static void *holder(void *argument)
{
	pthread_spin_lock(&lock); /* @taken */
	if (RIGHT)
		pthread_spin_unlock(&lock);
	make_step();
	await_step(2);
	if (!RIGHT)
		pthread_spin_unlock(&lock);
	return argument;
}

int main(void)
{
	pthread_spin_init(&lock, PTHREAD_PROCESS_PRIVATE);
	pthread_t other = start(holder, NULL);
	await_step(1);
	if (!RIGHT)
		pthread_spin_destroy(&lock); /* @gone */
	make_step();
	finish(other);
	if (RIGHT)
		pthread_spin_destroy(&lock);
}
