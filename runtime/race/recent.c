/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * recent.c: recent.h.
 */
#include "race/recent.h"

#define RECENT_FEWEST FL_TINY(256, 2)
#define RECENT_MOST   FL_TINY(8192, 8)
#define KNOWN_FEWEST  FL_TINY(64, 2)
#define KNOWN_MOST    FL_TINY(4096, 8)

uint64_t fl_recent_races;

void fl_lately_free(struct fl_lately *lately, size_t entry)
{
	if (lately->at)
		fl_pool_give(lately->at, (lately->mask + 1) * entry);
	lately->at = NULL;
}

void fl_lately_make(struct fl_lately *lately, uint32_t count, size_t entry)
{
	size_t words = count * entry / sizeof(uint64_t);
	uint64_t *at;

	fl_lately_free(lately, entry);
	lately->mask = count - 1;
	lately->lost = 0;
	at = lately->at = fl_pool_take(count * entry);
	for (size_t i = 0; at && i < words; i++)
		at[i] = 0;
}

void fl_lately_lose(struct fl_lately *lately, uint32_t patience, uint32_t most, size_t entry)
{
	if (++lately->lost > patience * lately->mask && lately->mask < most - 1)
		fl_lately_make(lately, 4 * (lately->mask + 1), entry);
}

void fl_recent_free(struct fl_race_thread *self)
{
	fl_lately_free(&self->recent, sizeof(struct fl_race_recent));
}

void fl_known_free(struct fl_race_thread *self)
{
	fl_lately_free(&self->known, sizeof(struct fl_race_known));
}

/* Room for one that is not there. */
void fl_know_more(struct fl_race_thread *self, uint64_t state, fl_epoch epoch)
{
	if (!self->known.at)
		fl_lately_make(&self->known, KNOWN_FEWEST, sizeof(struct fl_race_known));
	else if (fl_known(self, state)->epoch == epoch)
		fl_lately_lose(&self->known, 4, KNOWN_MOST, sizeof(struct fl_race_known));
}

void fl_recent_note(struct fl_race_thread *self, const struct furlong_race_cell *cell, uint8_t bytes,
	bool write, uint64_t stamp)
{
	struct fl_race_recent *entry;
	uint64_t known = 0;

	if (!self->recent.at)
		fl_lately_make(&self->recent, RECENT_FEWEST, sizeof(*entry));
	else if (fl_recent_entry(self, cell)->cell != cell &&
		 fl_recent_entry(self, cell)->when >> 16 == stamp)
		fl_lately_lose(&self->recent, 4, RECENT_MOST, sizeof(*entry));
	if (!self->recent.at)
		return;
	entry = fl_recent_entry(self, cell);
	if (entry->cell == cell && entry->when >> 16 == stamp)
		known = entry->when & 0xffff;
	entry->cell = cell;
	entry->when = stamp << 16 | known | (uint64_t)bytes << (write ? 8 : 0);
}
