/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * slot.c: slot.h. All under race_slot_lock, but for looking up who ran at an epoch: tenures are only ever
 * added in front.
 */
#include "race/slot.h"

#include "race/cell.h"

struct race_slot_tenure {
	const struct race_slot_tenure *before;
	const struct fl_race_person *person;
	uint32_t after; /* clocks greater than this one are this person's */
};

static struct race_slot {
	uint32_t last; /* when nobody runs on it */
	bool running;
	const struct race_slot_tenure *tenures;
} race_slots[FL_SLOT_USABLE];

static struct fl_lock race_slot_lock;
static uint32_t race_slots_used; /* fresh from here on */
/* Slots of the ended, in order of their end. */
static uint32_t race_slots_ended[FL_SLOT_USABLE], race_slots_ended_count;

/* Hardly a clock is left on it. */
static bool race_slot_is_used_up(uint32_t last)
{
	return last >= FL_CLOCK_LAST - 1;
}

static uint32_t race_slot_pull(uint32_t index)
{
	uint32_t slot = race_slots_ended[index];

	race_slots_ended_count--;
	for (; index < race_slots_ended_count; index++)
		race_slots_ended[index] = race_slots_ended[index + 1];
	return slot;
}

static uint32_t race_slot_choose(const struct fl_clock *clock)
{
	for (uint32_t i = race_slots_ended_count; i-- > 0;)
		if (fl_clock_get(clock, race_slots_ended[i]) >= race_slots[race_slots_ended[i]].last)
			return race_slot_pull(i);
	if (race_slots_used < FL_SLOT_USABLE)
		return race_slots_used++;
	if (!race_slots_ended_count)
		return FL_SLOT_LIMIT;
	fl_race_count(FL_COUNT_SLOT_REUSE);
	return race_slot_pull(0);
}

uint32_t fl_race_slot_take(const struct fl_clock *clock, const struct fl_race_person *person, uint32_t *last)
{
	struct race_slot_tenure *tenure = fl_pool_take(sizeof(*tenure));
	uint32_t slot;

	if (!tenure)
		return FL_SLOT_LIMIT;
	fl_lock_take(&race_slot_lock);
	slot = race_slot_choose(clock);
	if (slot != FL_SLOT_LIMIT) {
		*last = race_slots[slot].last;
		*tenure = (struct race_slot_tenure){race_slots[slot].tenures, person, *last};
		__atomic_store_n(&race_slots[slot].tenures, tenure, __ATOMIC_RELEASE);
		race_slots[slot].running = true;
	}
	fl_lock_drop(&race_slot_lock);
	if (slot == FL_SLOT_LIMIT)
		fl_pool_give(tenure, sizeof(*tenure));
	return slot;
}

uint32_t fl_race_slots(void)
{
	return __atomic_load_n(&race_slots_used, __ATOMIC_RELAXED);
}

void fl_race_slot_give(uint32_t slot, uint32_t last)
{
	fl_lock_take(&race_slot_lock);
	race_slots[slot].last = last;
	race_slots[slot].running = false;
	if (!race_slot_is_used_up(last))
		race_slots_ended[race_slots_ended_count++] = slot;
	fl_lock_drop(&race_slot_lock);
}

bool fl_race_slot_keep(uint32_t slot)
{
	fl_lock_take(&race_slot_lock);
	if (!race_slots[slot].running)
		return true;
	fl_lock_drop(&race_slot_lock);
	return false;
}

void fl_race_slot_let_go(void)
{
	fl_lock_drop(&race_slot_lock);
}

/* The ended ones may not have been joined. Those that ran are given back by their threads' records. */
void fl_race_slot_fork_child(struct fl_race_thread *self)
{
	race_slot_lock.word = 0;
	for (uint32_t i = 0; i < race_slots_used; i++)
		if (!race_slots[i].running && fl_clock_get(&self->clock, i) < race_slots[i].last)
			fl_clock_set(&self->clock, i, race_slots[i].last);
}

/* The epoch's, and the one after it, if there is one. */
static const struct race_slot_tenure *race_slot_find(fl_epoch epoch, const struct race_slot_tenure **next)
{
	uint32_t slot = fl_epoch_slot(epoch);
	const struct race_slot_tenure *tenure;

	*next = NULL;
	if (slot >= FL_SLOT_USABLE)
		return NULL;
	tenure = __atomic_load_n(&race_slots[slot].tenures, __ATOMIC_ACQUIRE);
	while (tenure && tenure->after >= fl_epoch_clock(epoch)) {
		*next = tenure;
		tenure = tenure->before;
	}
	return tenure;
}

const struct fl_race_person *fl_race_person_at(fl_epoch epoch)
{
	const struct race_slot_tenure *next, *tenure = race_slot_find(epoch, &next);

	return tenure ? tenure->person : NULL;
}

void fl_race_reign(fl_epoch epoch, uint32_t *before, uint32_t *last)
{
	const struct race_slot_tenure *next, *tenure = race_slot_find(epoch, &next);
	uint32_t slot = fl_epoch_slot(epoch), running = next ? 0 : fl_race_clock_on(slot);

	*before = tenure ? tenure->after : 0;
	*last = next ? next->after : running ? running : race_slots[slot].last;
}
