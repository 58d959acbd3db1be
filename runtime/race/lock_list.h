/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * lock_list.h: what a thread holds and waits for. Private to lock*.c.
 *
 * Written by its own thread without a lock. Others read it under the runtime's lock, so that no thread comes
 * or goes, and believe it only of threads that wait: `turn` is odd then, and is another one at each wait.
 */
#ifndef FL_RACE_LOCK_LIST_H
#define FL_RACE_LOCK_LIST_H

#include "race/lock.h"

/* A lock beyond the limit is in force, and in no report. */
struct lock_held {
	uintptr_t address; /* 0: being written, or gone */
	uint32_t uid;      /* 0: not in the lockset */
	uint32_t context;  /* where it was taken; 0: before there was a second thread */
	uint32_t since_ms; /* when, with the option lock_held_ms */
	uint16_t times;
	bool write;
	bool mutex;  /* a pthread mutex */
	bool robust; /* may stay behind when its thread ends */
};

struct lock_list {
	uint32_t count;
	uint32_t beyond;                         /* taken with no place left, and not given back yet */
	struct lock_held held[FL_LOCKSET_LIMIT]; /* oldest first */
	uint32_t turn;
	struct fl_wait wait;
};

extern __thread struct lock_list *fl_lock_mine;

/* With the runtime's lock. NULL: no such thread, or none that we know. */
struct lock_list *fl_lock_list_of(uint32_t index, uint32_t *uid);
/* NULL: it does not hold it. */
struct lock_held *fl_lock_held_in(struct lock_list *list, uintptr_t address);

#endif
