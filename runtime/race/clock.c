/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * clock.c: vector clocks. Whoever owns the clock guards it; of a thread's, others may read what it has been
 * (past.c): it grows before its count does, and its memory is given away last.
 *
 * Without memory to grow a clock stays short: then what it does not cover looks unordered. That cannot be
 * helped, and is counted as blindness.
 */
#include "race/cell.h"

static bool clock_reserve(struct fl_clock *clock, uint32_t count)
{
	size_t bytes = fl_pool_room(count * sizeof(uint32_t));
	uint32_t *at, *old = clock->at;

	if (count <= clock->capacity)
		return true;
	at = fl_pool_take(bytes);
	if (!at) {
		fl_race_count(FL_COUNT_BLIND);
		return false;
	}
	for (uint32_t i = 0; i < clock->count; i++)
		at[i] = old[i];
	__atomic_store_n(&clock->at, at, __ATOMIC_RELEASE);
	fl_pool_give(old, clock->capacity * sizeof(uint32_t));
	clock->capacity = (uint32_t)(bytes / sizeof(uint32_t));
	return true;
}

static bool clock_widen(struct fl_clock *clock, uint32_t count)
{
	if (count <= clock->count)
		return true;
	if (!clock_reserve(clock, count))
		return false;
	for (uint32_t i = clock->count; i < count; i++)
		clock->at[i] = 0;
	__atomic_store_n(&clock->count, count, __ATOMIC_RELEASE);
	return true;
}

void fl_clock_set(struct fl_clock *clock, uint32_t slot, uint32_t value)
{
	if (clock_widen(clock, slot + 1))
		clock->at[slot] = value;
}

bool fl_clock_join(struct fl_clock *into, const struct fl_clock *from)
{
	bool news = false;

	if (!clock_widen(into, from->count))
		return false;
	for (uint32_t i = 0; i < from->count; i++) {
		if (into->at[i] < from->at[i]) {
			into->at[i] = from->at[i];
			news = true;
		}
	}
	return news;
}

void fl_clock_copy(struct fl_clock *to, const struct fl_clock *from)
{
	to->count = 0;
	if (!clock_reserve(to, from->count))
		return;
	for (uint32_t i = 0; i < from->count; i++)
		to->at[i] = from->at[i];
	to->count = from->count;
}

void fl_clock_clear(struct fl_clock *clock)
{
	clock->count = 0;
}

void fl_clock_release(struct fl_clock *clock)
{
	fl_pool_give(clock->at, clock->capacity * sizeof(uint32_t));
	*clock = (struct fl_clock){0};
}
