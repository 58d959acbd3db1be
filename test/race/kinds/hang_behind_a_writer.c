/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * hang_behind_a_writer.c: a reader reads again while a writer waits for it, with a lock that lets writers
 * first.
 *
 * finds: deadlock
 * circle: main@again writer@writes main@reads
 * hangs: yes
 * also: mutex-double-lock
 * options: -D_GNU_SOURCE
 */
#include "case.h"

static pthread_rwlock_t lock;

static void *writer(void *argument)
{
	make_step();
	pthread_rwlock_wrlock(&lock); /* @writes */
	pthread_rwlock_unlock(&lock);
	return argument;
}

int main(void)
{
	pthread_rwlockattr_t kind;
	pthread_rwlockattr_init(&kind);
	pthread_rwlockattr_setkind_np(&kind, PTHREAD_RWLOCK_PREFER_WRITER_NONRECURSIVE_NP);
	pthread_rwlock_init(&lock, RIGHT ? NULL : &kind);
	pthread_t early = start(writer, NULL), other;
	finish(early);
	pthread_rwlock_rdlock(&lock); /* @reads */
	other = start(writer, NULL);
	await_step(2);
	while (!RIGHT && !pthread_rwlock_tryrdlock(&lock))
		pthread_rwlock_unlock(&lock);
	pthread_rwlock_rdlock(&lock); /* @again */
	pthread_rwlock_unlock(&lock);
	pthread_rwlock_unlock(&lock);
	finish(other);
	pthread_rwlock_destroy(&lock);
}
