/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * misuse.h: what interceptors ask about when something is odd. All outside of the runtime, in the thread that
 * did it; `pc` is where the program called. None of them stops the program or changes what its call does.
 */
#ifndef FL_RACE_MISUSE_H
#define FL_RACE_MISUSE_H

#include "race/lock.h"
#include "race/sys_locks.h"

/* fl_lock_giving said that the thread does not hold it. Before it is unlocked. */
void fl_misuse_unlock(const volatile void *lock, enum fl_lock_mode mode, const void *pc);
/* It is given back in another way than it is held. */
void fl_misuse_bad_mode(const volatile void *lock, bool held_for_write, const void *pc);
/* No lock should be held here. */
void fl_misuse_no_lock_here(const void *pc);
/* The thread is about to wait for what it holds itself. */
void fl_misuse_double_lock(const volatile void *lock, unsigned mode, const void *pc);
/* When a lock is destroyed that may be held; and one that is none. */
void fl_misuse_destroy(const volatile void *lock, const void *pc);
void fl_misuse_destroy_invalid(const volatile void *mutex, const void *pc);
/* A heap block goes, with whatever is in it. */
void fl_misuse_freed(const volatile void *block, size_t size, const void *pc, const void *caller);
/* Before it is initialised. */
void fl_misuse_init(const volatile void *lock, const void *pc);

/* Before a condition is waited on with a mutex that the thread holds or not; and used in any way. */
void fl_misuse_wait(const volatile void *cond, const volatile void *mutex, bool is_mine, const void *pc);
void fl_misuse_cond(const volatile void *cond, const void *pc);

/* Before an object that threads wait at is destroyed, or made anew; what it is called is by its kind. */
void fl_misuse_in_use(enum fl_wait_what what, const volatile void *object, const char *verb, const void *pc);
/* Before the use of one that bears the mark. */
void fl_misuse_destroyed(enum fl_sys_markable kind, volatile void *object, const void *pc);
static inline void fl_misuse_mark_check(enum fl_sys_markable kind, volatile void *object, const void *pc)
{
	if (__builtin_expect(fl_sys_is_marked(kind, object), 0))
		fl_misuse_destroyed(kind, object, pc);
}

/* A function that should not fail did. */
void fl_misuse_failed(int rc, const volatile void *object, const void *pc);

/* With lock_held_ms: it is given back. */
void fl_lock_check_time(const volatile void *lock, uint32_t context, uint32_t since_ms, const void *pc);

#endif
