/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * quick.c: quick.h.
 */
#include "race/quick.h"

#include "core/core.h"
#include "core/sys.h"

#define QUICK_AFTER_LOG2 4 /* so many times more are needed after each change */
#define QUICK_CHANGES    2 /* no more than this */
#define QUICK_PATIENCE   4000

FL_PUBLIC __thread struct furlong_race_atomic __furlong_race_atomics[FURLONG_RACE_ATOMICS];
static bool quick_has_barrier;
static unsigned quick_after = 64; /* idle updates */

void fl_quick_init(void)
{
	quick_has_barrier = fl_sys_barrier_init();
}

struct furlong_race_atomic *fl_quick_entry(const volatile void *address, uint32_t size,
	struct fl_race_thread *self, const struct fl_race_location *location)
{
	uintptr_t at = (uintptr_t)address;
	struct furlong_race_atomic *entry = &__furlong_race_atomics[(at >> 3) % FURLONG_RACE_ATOMICS];
	uint64_t key = 2 * at + size;

	if (entry->key != key || entry->version != &location->version)
		*entry = (struct furlong_race_atomic){.key = key,
			.version = &location->version,
			.inside = &self->inside,
			.load = QUICK_NONE,
			.acquire = QUICK_NONE,
			.store = QUICK_NONE,
			.update = QUICK_NONE};
	return entry;
}

bool fl_quick_was_idle(struct fl_race_location *location)
{
	if (location->quick)
		return true;
	if (!quick_has_barrier || location->changes > QUICK_CHANGES ||
		++location->idle < quick_after << location->changes * QUICK_AFTER_LOG2)
		return false;
	location->quick = true;
	return true;
}

/* A thread that never comes out was left by a jump out of a signal handler: not waited for for ever. */
void fl_quick_change(struct fl_race_location *location)
{
	if (location->version & 1)
		return;
	__atomic_store_n(&location->version, location->version + 1, __ATOMIC_RELAXED);
	__atomic_thread_fence(__ATOMIC_RELEASE);
	location->idle = 0;
	if (!location->quick)
		return;
	location->quick = false;
	location->changes++;
	fl_sys_barrier();
	for (unsigned round = 0; round < QUICK_PATIENCE && fl_race_is_inside(&location->version); round++)
		fl_sys_wait_a_bit(round);
}

void fl_quick_ask_again(void)
{
	for (int i = 0; i < FURLONG_RACE_ATOMICS; i++)
		__furlong_race_atomics[i].store = __furlong_race_atomics[i].update = QUICK_NONE;
}
