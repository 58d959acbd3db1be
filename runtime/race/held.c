/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * held.c: held.h. A slot has a table of the locksets of its clocks, in pages that are there once a lock was
 * held in one of theirs. The slot's thread writes, and reports read.
 *
 * There are HELD_PAGES pages; beyond them the slots that nobody runs on give up theirs, one after the other.
 */
#include "race/held.h"

#include "race/cell.h"
#include "race/slot.h"

#define HELD_PAGE_LOG2 10
#define HELD_PAGE      (1u << HELD_PAGE_LOG2) /* clocks */
#define HELD_PAGES     FL_TINY(1u << 14, 4)   /* 64 MiB */

struct held_page {
	uint32_t lockset[HELD_PAGE];
};
struct held_slot {
	struct held_page *page[FL_CLOCK_LIMIT >> HELD_PAGE_LOG2];
};

static struct held_slot *held_slots[FL_SLOT_USABLE];
/* Of pages that come and go; who writes to one runs on its slot. */
static struct fl_lock held_lock;
static uint32_t held_pages, held_next_victim;

static void held_free(struct held_slot *slot)
{
	for (uint32_t i = 0; i < FL_CLOCK_LIMIT >> HELD_PAGE_LOG2; i++) {
		if (!slot->page[i])
			continue;
		fl_pool_give(slot->page[i], sizeof(struct held_page));
		slot->page[i] = NULL;
		held_pages--;
	}
}

static void held_make_room(void)
{
	for (uint32_t i = 0; i < FL_SLOT_USABLE && held_pages >= HELD_PAGES; i++) {
		uint32_t victim = held_next_victim++ % FL_SLOT_USABLE;

		if (!held_slots[victim] || !fl_race_slot_keep(victim))
			continue;
		held_free(held_slots[victim]);
		fl_race_slot_let_go();
	}
}

static struct held_page *held_page_make(uint32_t slot, uint32_t clock)
{
	struct held_page *page = NULL;

	fl_lock_take(&held_lock);
	if (!held_slots[slot])
		held_slots[slot] = fl_pool_map(sizeof(struct held_slot));
	if (held_slots[slot]) {
		held_make_room();
		page = fl_pool_take(sizeof(*page));
	}
	for (uint32_t i = 0; page && i < HELD_PAGE; i++)
		page->lockset[i] = 0;
	if (page) {
		held_slots[slot]->page[clock >> HELD_PAGE_LOG2] = page;
		held_pages++;
	}
	fl_lock_drop(&held_lock);
	return page;
}

static struct held_page *held_page_at(uint32_t slot, uint32_t clock)
{
	return held_slots[slot] ? held_slots[slot]->page[clock >> HELD_PAGE_LOG2] : NULL;
}

void fl_held_note(struct fl_race_thread *self)
{
	struct held_page *page = held_page_at(self->slot, self->now);

	if (!page && self->lockset)
		page = held_page_make(self->slot, self->now);
	if (page)
		__atomic_store_n(&page->lockset[self->now % HELD_PAGE], self->lockset, __ATOMIC_RELAXED);
}

void fl_held_set(struct fl_race_thread *self, uint32_t lockset)
{
	uint32_t count = fl_lockset_length(lockset);

	if (self->dirty && count <= self->held)
		fl_race_advance(self);
	FL_CHECK(!self->dirty || fl_lockset_first(lockset, self->held) == self->lockset);
	self->lockset = lockset;
	self->held = count;
	fl_held_note(self);
}

bool fl_held_goes_on(const struct fl_race_thread *self)
{
	return fl_lockset_first(self->lockset, fl_lockset_length(self->lockset_before)) ==
	       self->lockset_before;
}

uint32_t fl_held_at(fl_epoch epoch, uint32_t count)
{
	uint32_t slot = fl_epoch_slot(epoch), clock = fl_epoch_clock(epoch), lockset = 0;
	const struct held_page *page;

	if (!count || slot >= FL_SLOT_USABLE)
		return count ? FL_HELD_UNKNOWN : 0;
	fl_lock_take(&held_lock);
	page = held_page_at(slot, clock);
	if (page)
		lockset = __atomic_load_n(&page->lockset[clock % HELD_PAGE], __ATOMIC_RELAXED);
	fl_lock_drop(&held_lock);
	return fl_lockset_length(lockset) < count ? FL_HELD_UNKNOWN : fl_lockset_first(lockset, count);
}

void fl_held_fork_child(void)
{
	held_lock.word = 0;
}
