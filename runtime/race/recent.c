/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * recent.c: recent.h.
 */
#include "race/recent.h"

#define RECENT_BYTES (sizeof(struct fl_race_recent) << RECENT_LOG2)

uint64_t fl_recent_races;

static bool recent_make(struct fl_race_thread *self)
{
	self->recent = fl_pool_take(RECENT_BYTES);
	for (unsigned i = 0; self->recent && i < 1u << RECENT_LOG2; i++)
		self->recent[i].cell = NULL;
	return self->recent;
}

void fl_recent_free(struct fl_race_thread *self)
{
	fl_pool_give(self->recent, RECENT_BYTES);
	self->recent = NULL;
}

void fl_recent_note(struct fl_race_thread *self, const struct furlong_race_cell *cell, uint8_t bytes,
	bool write, uint64_t stamp)
{
	struct fl_race_recent *entry;
	uint64_t known;

	if (!self->recent && !recent_make(self))
		return;
	entry = fl_recent_entry(self, cell);
	known = entry->cell == cell && entry->when >> 16 == stamp ? entry->when & 0xffff : 0;
	entry->cell = cell;
	entry->when = stamp << 16 | known | (uint64_t)bytes << (write ? 8 : 0);
}
