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
	FL_LOCK_SPIN,
	FL_LOCK_READ, /* of a read-write lock */
	FL_LOCK_WRITE,
	FL_LOCK_OTHER, /* announced by annotations: nothing is known of its memory */
	FL_LOCK_KIND = 7,
	FL_LOCK_TRIED = 8, /* with one of these: it would have gone on without the lock */
};

/* It is ready for use: a new lock, whatever was there before. */
void fl_lock_created(const volatile void *lock, const void *pc);
/* The thread has it now: it acquires what the holders before it released. Again, for a recursive one. */
void fl_lock_taken(const volatile void *lock, unsigned mode, const void *pc);
/* The thread is about to give it back, whether it has it or not (another may have taken it): releases. The
 * mode is that in which it holds the lock. Returns whether it held it. */
bool fl_lock_giving(const volatile void *lock, const void *pc);
/* The thread that had it ended without giving it back. Before fl_lock_taken. */
void fl_lock_inherited(const volatile void *lock);
/* The memory goes, with whatever locks are in it: what comes to the same place is another lock. */
void fl_lock_memory_gone(const volatile void *memory, size_t size);
/* It is no more, nor the `size` bytes it was in. */
void fl_lock_destroyed(const volatile void *lock, size_t size);

/* ---- who holds and waits ---- */

struct fl_lock_holder {
	uint32_t thread;  /* uid */
	uint32_t lock;    /* uid; 0: it has none */
	uint32_t context; /* where it was taken; 0: unknown */
	bool write, ended;
};
/* Somebody who holds it; the calling thread only when no other does. */
bool fl_lock_find_holder(const volatile void *lock, struct fl_lock_holder *holder);
/* Whether the calling thread has it, and how. */
bool fl_lock_is_mine(const volatile void *lock, struct fl_lock_holder *holder);
/* A lock of the bytes that somebody holds; NULL: none. And whether the calling thread holds any. */
const volatile void *fl_lock_held_within(const volatile void *memory, size_t size);
bool fl_lock_holds_any(void);
/* Whether the calling thread's list is all that it holds. */
bool fl_lock_knows_all(void);
/* "mutex M2 (0x7ffc...)", or without a number. */
struct fl_lock_name {
	char text[48];
};
struct fl_lock_name fl_lock_name(const volatile void *lock);
/* Its number; 0: none yet. */
uint32_t fl_lock_uid(const volatile void *lock);

enum fl_wait_what { FL_WAIT_LOCK, FL_WAIT_CONDITION, FL_WAIT_BARRIER, FL_WAIT_SEMAPHORE, FL_WAIT_JOIN };

/* What a thread waits for, until it gets it. */
struct fl_wait {
	enum fl_wait_what what;
	bool write;
	const volatile void *object; /* lock, condition...; a join: the struct fl_thread */
	const volatile void *mutex;  /* of a condition */
	uint32_t context;
};
/* Around a wait; `before` is what a signal handler found its thread waiting for. */
void fl_wait_begin(const struct fl_wait *wait, struct fl_wait *before);
void fl_wait_end(const struct fl_wait *before);
/* Another thread that waits for it there; with `mutex`, with another mutex than that. */
bool fl_wait_find(enum fl_wait_what what, const volatile void *object, const volatile void *mutex,
	uint32_t *thread, uint32_t *context);

/* How to take a lock that may be held for long. */
struct fl_lock_way {
	/* CLOCK_MONOTONIC; ETIMEDOUT. NULL: who waits for it keeps others out. */
	int (*until)(void *lock, const struct timespec *until);
	int (*for_ever)(void *lock);
};
extern const struct fl_lock_way fl_mutex_way; /* intercept/mutex.c */
/* When it was not to be had at once. Looks for deadlocks meanwhile. */
int fl_lock_wait(const volatile void *lock, unsigned mode, const struct fl_lock_way *way, const void *pc);

/* ---- orders (lock_order.c) ---- */

/* The calling thread took the last lock of its lockset while it held the others. */
void fl_order_note(uint32_t before, uint32_t lock, bool write, uint32_t context);

/* ---- misuse (misuse.c) ---- */

void fl_lock_refused(int rc, const volatile void *lock, unsigned mode, const void *pc);

/* After a function that takes a mutex or says why not. */
static inline int fl_lock_result(int rc, const volatile void *lock, unsigned mode, const void *pc)
{
	if (__builtin_expect(!fl_race_self_thread, 0))
		return rc;
	if (rc == EOWNERDEAD)
		fl_lock_inherited(lock);
	if (__builtin_expect(!rc || rc == EOWNERDEAD, 1))
		fl_lock_taken(lock, mode, pc);
	else
		fl_lock_refused(rc, lock, mode, pc);
	return rc;
}

/* Called by the hooks of the instrument. */
bool fl_lock_prepare(const struct fl_thread *thread); /* under the runtime's lock, before the thread runs */
void fl_lock_start(const struct fl_thread *thread);   /* in it */
void fl_lock_first_birth(void);                       /* those held so far get names */
void fl_lock_joined(const struct fl_thread *thread);  /* what it still held is its joiner's to release */
void fl_lock_fork_child(const struct fl_thread *self);

#endif
