/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * recent.h: what a thread recorded lately in its present epoch, so that it need not look again. Inline code
 * asks the cell, which has room for two members; code that goes back and forth between neighbours of other
 * ages asks here.
 *
 * An entry speaks for its epoch only, and no longer than the cell keeps what was recorded. Another thread can
 * take it out by a race: that begins a new stamp for all (fl_recent_races). Memory that is freed or made new
 * begins one for the thread that does it; another thread can do it only after a release of this one (a new
 * epoch), or by a race.
 */
#ifndef FL_RACE_RECENT_H
#define FL_RACE_RECENT_H

#include "race/cell.h"

struct fl_race_recent {
	const struct furlong_race_cell *cell;
	uint64_t when; /* stamp << 16 | bytes written << 8 | bytes read */
};

extern uint64_t fl_recent_races;

static inline struct fl_race_recent *fl_recent_entry(
	const struct fl_race_thread *self, const struct furlong_race_cell *cell)
{
	return (struct fl_race_recent *)self->recent.at +
	       (((uintptr_t)cell >> 4 ^ (uintptr_t)cell >> 12) & self->recent.mask);
}

static inline uint64_t fl_recent_stamp(const struct fl_race_thread *self)
{
	return self->stamp + __atomic_load_n(&fl_recent_races, __ATOMIC_RELAXED);
}

/* Whether these bytes are known to be recorded: read, or written for `write`. */
static inline bool fl_recent_has(
	const struct fl_race_thread *self, const struct furlong_race_cell *cell, uint8_t bytes, bool write)
{
	const struct fl_race_recent *entry;
	uint64_t when;

	if (!self->recent.at)
		return false;
	entry = fl_recent_entry(self, cell);
	when = entry->when;
	return entry->cell == cell && when >> 16 == fl_recent_stamp(self) &&
	       !(bytes & ~(when >> 8 | (write ? 0 : when)));
}

/* They are recorded now. `stamp` is that of before: what happened meanwhile is not forgotten. */
void fl_recent_note(struct fl_race_thread *self, const struct furlong_race_cell *cell, uint8_t bytes,
	bool write, uint64_t stamp);

/* Of `count` entries of that many bytes, all zeros: nothing. */
void fl_lately_make(struct fl_lately *lately, uint32_t count, size_t entry);
void fl_lately_free(struct fl_lately *lately, size_t entry);
/* One more made room: a larger table, with nothing in it, when that happens all the time. */
void fl_lately_lose(struct fl_lately *lately, uint32_t patience, uint32_t most, size_t entry);

void fl_recent_free(struct fl_race_thread *self);
void fl_known_free(struct fl_race_thread *self);

#endif
