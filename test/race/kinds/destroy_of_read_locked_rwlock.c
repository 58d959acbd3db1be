/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * destroy_of_read_locked_rwlock.c: a read-write lock is destroyed while another thread reads.
 *
 * finds: locked-mutex-destroy main@gone reader@taken
 * also: mutex-invalid-access
 */
#include "case.h"

SHARED pthread_rwlock_t lock = PTHREAD_RWLOCK_INITIALIZER;

static void *reader(void *argument)
{
	pthread_rwlock_rdlock(&lock); /* @taken */
	if (RIGHT)
		pthread_rwlock_unlock(&lock);
	make_step();
	await_step(2);
	if (!RIGHT)
		pthread_rwlock_unlock(&lock);
	return argument;
}

int main(void)
{
	pthread_t other = start(reader, NULL);
	await_step(1);
	if (!RIGHT)
		pthread_rwlock_destroy(&lock); /* @gone */
	make_step();
	finish(other);
	if (RIGHT)
		pthread_rwlock_destroy(&lock);
}
