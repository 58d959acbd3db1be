/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * threads.h: the threads that the runtime knows, as entries that are numbered densely and used again.
 *
 * An entry is used again only when the kernel says that its thread is gone: until then destructors of the
 * program may run in it, after any destructor of ours. One that may still be joined waits for that (joins.c).
 */
#ifndef FL_CORE_THREADS_H
#define FL_CORE_THREADS_H

#include <stdbool.h>
#include <stdint.h>

struct fl_thread {
	uint32_t index;
	int32_t tid; /* 0: not running yet */
	bool taken;
	uint32_t next_free; /* index + 1 */
	/* For the way from the parent to the child. */
	union {
		void *(*pthread)(void *);
		int (*c11)(void *);
	} start;
	void *arg;
	uint64_t mask;
	int birth;
	const void *caller; /* return address of the call that makes it */
	uint64_t born;      /* a number of its own, in order of birth */
	uintptr_t pthread;  /* its pthread_t; 0: none, or not known yet */
	bool joinable;      /* somebody may still ask for it by pthread_t, also when it is dead */
};

/* All with the lock held. */
struct fl_thread *fl_threads_acquire(void); /* NULL when there is no memory */
void fl_threads_release(struct fl_thread *thread);
struct fl_thread *fl_threads_self(void); /* NULL if nobody told us of this thread */
/* In a child that has a copy of our memory and another tid: the entry of the thread it is a copy of. */
struct fl_thread *fl_threads_copied_self(void);
struct fl_thread *fl_threads_adopt(void); /* makes one for it then */
void fl_threads_fork_child(struct fl_thread *self);
struct fl_thread *fl_threads_at(uint32_t index);
uint32_t fl_threads_count(void); /* entries, of any state */
/* The youngest that has this pthread_t; those before it are gone, whoever knows that by now. */
struct fl_thread *fl_threads_by_pthread(uintptr_t pthread);

/* In the new thread, without the lock. */
void fl_threads_started(struct fl_thread *thread, bool own_tls);

#endif
