/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * instrument.h: what the core calls in an instrument. An instrument is a folder with one such structure,
 * named in CMake's FURLONG_INSTRUMENTS; the core knows no more of it.
 *
 * All but init, objects_gone, hand_in and at_exit run under the runtime's lock with signals blocked. Any
 * pointer may be NULL.
 */
#ifndef FL_CORE_INSTRUMENT_H
#define FL_CORE_INSTRUMENT_H

#include "core/threads.h"

enum fl_birth {
	FL_BIRTH_PTHREAD,
	FL_BIRTH_CLONE,            /* with its own thread-local storage */
	FL_BIRTH_CLONE_SHARED_TLS, /* with its parent's */
};

enum fl_hand_in {
	FL_HAND_IN_OBJECT,  /* one is closed; the program goes on and must not wait */
	FL_HAND_IN_PROGRAM, /* it ends, or becomes another */
};

struct fl_join {
	uintptr_t pthread;
	struct fl_thread *thread; /* NULL: none that we know */
	bool joinable;            /* it may be waited for, or was when asked */
	bool waits, for_ever;     /* not a detach; not until a time */
	const void *caller;
};

struct fl_instrument {
	const char *name;
	void (*init)(void);
	void (*thread_prepare)(struct fl_thread *thread);   /* in the parent, before the thread exists */
	void (*thread_unprepare)(struct fl_thread *thread); /* it did not come to exist */
	/* In the new thread, without the lock, before any code of the program. */
	void (*thread_start)(struct fl_thread *thread, enum fl_birth how);
	void (*thread_joined)(struct fl_thread *thread); /* the calling thread has waited for its end */
	void (*thread_gone)(struct fl_thread *thread); /* no code of it runs any more; after thread_joined */
	/* Around a call that waits for a thread's end, or says that nobody will; without the lock. */
	void (*join_begin)(const struct fl_join *join);
	void (*join_end)(const struct fl_join *join);
	/* In the child of a fork, its only thread; NULL only when there is no memory for an entry. */
	void (*fork_child)(struct fl_thread *thread);
	void (*stranger)(void);     /* somebody came to life unseen, and shares a known thread's state */
	void (*objects_gone)(void); /* after dlclose; without the lock */
	/* Maybe for the last time; takes the lock itself, if it has anything to do. */
	void (*hand_in)(enum fl_hand_in why);
	void (*at_exit)(void);          /* may be called more than once */
	int (*exit_status)(int status); /* after at_exit: what the program's own status becomes */
};

extern const struct fl_instrument *const fl_instruments[]; /* NULL at the end */

#define FL_EACH_INSTRUMENT(hook, ...)                                                                        \
	for (const struct fl_instrument *const *each = fl_instruments; *each; each++)                        \
		if ((*each)->hook)                                                                           \
	(*each)->hook(__VA_ARGS__)

#endif
