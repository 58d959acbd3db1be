/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * lock.h: the runtime's locks, but those of records (race/state.c). Whoever holds it has all signals blocked,
 * so that no handler of the program (which may fork, create threads or load modules) can find it held by its
 * own thread.
 */
#ifndef FL_CORE_LOCK_H
#define FL_CORE_LOCK_H

#include "core/sys.h"

#include <stdbool.h>

/* 0 free, 1 held, 2 held and waited for */
struct fl_lock {
	uint32_t word;
};

/* With signals blocked already. */
static inline bool fl_lock_try(struct fl_lock *lock)
{
	uint32_t seen = 0;

	return __atomic_compare_exchange_n(&lock->word, &seen, 1, false, __ATOMIC_ACQUIRE, __ATOMIC_RELAXED);
}

static inline void fl_lock_take(struct fl_lock *lock)
{
	if (fl_lock_try(lock))
		return;
	while (__atomic_exchange_n(&lock->word, 2, __ATOMIC_ACQUIRE) != 0)
		fl_sys_futex_wait(&lock->word, 2);
}

static inline void fl_lock_drop(struct fl_lock *lock)
{
	if (__atomic_exchange_n(&lock->word, 0, __ATOMIC_RELEASE) == 2)
		fl_sys_futex_wake(&lock->word);
}

#endif
