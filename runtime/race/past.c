/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * past.c: past.h.
 *
 * A thread that waits in pthread_join does nothing before it has acquired all that the other one did, so it
 * is not asked: the other one is. Where a handler may run in it, it is asked, too. A handler that is set
 * later comes after who set it.
 */
#include "race/past.h"

#include "race/slot.h"

/* Clocks that are looked at at most: half a millisecond's. With more threads nothing more becomes past. */
#define PAST_MOST (1u << 18)

uint32_t fl_past[FL_SLOT_LIMIT];
static bool past_stopped, past_handled;

/* Changed by its thread meanwhile; but a clock only grows, and its memory is given away only when `at` is
 * another (clock.c). */
static uint32_t past_known(const struct fl_clock *clock, uint32_t slot)
{
	uint32_t count = __atomic_load_n(&clock->count, __ATOMIC_ACQUIRE), value = 0;
	const uint32_t *at = __atomic_load_n(&clock->at, __ATOMIC_ACQUIRE);

	if (slot < count)
		value = __atomic_load_n(&at[slot], __ATOMIC_RELAXED);
	__atomic_thread_fence(__ATOMIC_ACQUIRE);
	return at == __atomic_load_n(&clock->at, __ATOMIC_RELAXED) ? value : 0;
}

/* By all but who runs on it. UINT32_MAX: nobody else is there, and then he may go back to his last epoch. */
static uint32_t past_on(const struct fl_race_thread *threads, uint32_t slot)
{
	uint32_t least = UINT32_MAX;

	for (const struct fl_race_thread *each = threads; each; each = each->next) {
		bool waits = __atomic_load_n(&each->joins, __ATOMIC_RELAXED) && !past_handled;
		uint32_t known;

		if (waits || __atomic_load_n(&each->slot, __ATOMIC_RELAXED) == slot)
			continue;
		known = past_known(&each->clock, slot);
		if (known < least)
			least = known;
	}
	return least;
}

void fl_past_look(struct fl_race_thread *self)
{
	const struct fl_race_thread *threads;
	uint32_t count, slots = fl_race_slots(), least;

	self->past_met = 0;
	if (!fl_race_savings.past || !fl_race_threads_try(&threads, &count))
		return;
	if (!past_stopped && (uint64_t)slots * count <= PAST_MOST)
		for (uint32_t slot = 0; slot < slots; slot++) {
			least = past_on(threads, slot);
			if (least != UINT32_MAX && least > fl_past[slot])
				__atomic_store_n(&fl_past[slot], least, __ATOMIC_RELAXED);
		}
	fl_race_threads_let_go();
}

/* Not while somebody looks. */
static void past_note(bool *what)
{
	fl_race_threads_keep();
	*what = true;
	fl_race_threads_let_go();
}

void fl_past_stop(void)
{
	past_note(&past_stopped);
}

void fl_past_may_handle(void)
{
	past_note(&past_handled);
}
