/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * recent.c: recent.h.
 */
#include "race/recent.h"

#define RECENT_FEWEST FL_TINY(256, 2)
#define RECENT_MOST   FL_TINY(8192, 8)

uint64_t fl_recent_races;

static size_t recent_bytes(const struct fl_race_thread *self)
{
	return (self->recent_mask + 1) * sizeof(struct fl_race_recent);
}

void fl_recent_free(struct fl_race_thread *self)
{
	if (self->recent)
		fl_pool_give(self->recent, recent_bytes(self));
	self->recent = NULL;
}

/* With nothing in it. */
static void recent_make(struct fl_race_thread *self, uint32_t count)
{
	fl_recent_free(self);
	self->recent_mask = count - 1;
	self->recent_lost = 0;
	self->recent = fl_pool_take(recent_bytes(self));
	for (uint32_t i = 0; self->recent && i < count; i++)
		self->recent[i].cell = NULL;
}

/* One that still says something made room for another: it is time for a larger table when that happens all
 * the time. */
static void recent_lose(struct fl_race_thread *self)
{
	if (++self->recent_lost > 4 * self->recent_mask && self->recent_mask < RECENT_MOST - 1)
		recent_make(self, 4 * (self->recent_mask + 1));
}

void fl_recent_note(struct fl_race_thread *self, const struct furlong_race_cell *cell, uint8_t bytes,
	bool write, uint64_t stamp)
{
	struct fl_race_recent *entry;
	uint64_t known = 0;

	if (!self->recent)
		recent_make(self, RECENT_FEWEST);
	else if (fl_recent_entry(self, cell)->cell != cell &&
		 fl_recent_entry(self, cell)->when >> 16 == stamp)
		recent_lose(self);
	if (!self->recent)
		return;
	entry = fl_recent_entry(self, cell);
	if (entry->cell == cell && entry->when >> 16 == stamp)
		known = entry->when & 0xffff;
	entry->cell = cell;
	entry->when = stamp << 16 | known | (uint64_t)bytes << (write ? 8 : 0);
}
