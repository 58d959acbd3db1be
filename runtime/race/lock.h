/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * lock.h: what the interceptors of lock functions say of locks. All run in the thread they speak of, outside
 * of the runtime; `pc` is where the program called.
 */
#ifndef FL_RACE_LOCK_H
#define FL_RACE_LOCK_H

#include "race/race.h"

#include <errno.h>

enum fl_lock_mode {
	FL_LOCK_MUTEX,
	FL_LOCK_READ, /* of a read-write lock */
	FL_LOCK_WRITE,
};

/* It is ready for use: a new lock, whatever was there before. */
void fl_lock_created(const volatile void *lock, const void *pc);
/* The thread has it now: it acquires what the holders before it released. Again, for a recursive one. */
void fl_lock_taken(const volatile void *lock, enum fl_lock_mode mode, const void *pc);
/* The thread is about to give it back, whether it has it or not (another may have taken it): releases. The
 * mode is that in which it holds the lock. Returns whether it held it. */
bool fl_lock_giving(const volatile void *lock);
/* The thread that had it ended without giving it back. Before fl_lock_taken. */
void fl_lock_inherited(const volatile void *lock);
/* It is no more, nor the `size` bytes it was in. */
void fl_lock_destroyed(const volatile void *lock, size_t size);

/* After a function that takes a mutex or says why not. */
static inline int fl_lock_result(int rc, const volatile void *lock, enum fl_lock_mode mode, const void *pc)
{
	if (__builtin_expect(!fl_race_self_thread, 0))
		return rc;
	if (rc == EOWNERDEAD)
		fl_lock_inherited(lock);
	if (!rc || rc == EOWNERDEAD)
		fl_lock_taken(lock, mode, pc);
	return rc;
}

/* Called by the hooks of the instrument. */
bool fl_lock_prepare(const struct fl_thread *thread); /* under the runtime's lock, before the thread runs */
void fl_lock_start(const struct fl_thread *thread);   /* in it */
void fl_lock_first_birth(void);                       /* those held so far get names */
void fl_lock_joined(const struct fl_thread *thread);  /* what it still held is its joiner's to release */
void fl_lock_fork_child(const struct fl_thread *self);

#endif
