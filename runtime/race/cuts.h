/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * cuts.h: which epochs of a thread somebody can tell apart.
 *
 * A release cuts a thread's time in two: who acquires it is ordered after what came before, and not after
 * what comes then. When the thread takes the same lock again, and nobody has acquired the release meanwhile,
 * nobody will: the next one takes its place. Epochs with no cut between them are alike. Whoever is ordered
 * after one is ordered after all, so members of them are as good as members of one epoch, and a cell needs no
 * set for those of one thread that works, takes its lock for a moment, and works on.
 */
#ifndef FL_RACE_CUTS_H
#define FL_RACE_CUTS_H

#include "race/cell.h"

/* What the thread has done up to `clock` is released there, or nowhere that can be told (NULL). */
void fl_cuts_add(struct fl_race_thread *self, uint32_t clock, const void *where);
/* It has the lock again. */
void fl_cuts_taken(struct fl_race_thread *self, const void *where, bool unseen);
/* Nothing is known of the epochs before `clock`, which may have been another thread's. */
void fl_cuts_begin(struct fl_race_thread *self, uint32_t clock);

/* Whether any two epochs are alike; mostly not where others acquire what it releases. */
static inline bool fl_cuts_are_few(const struct fl_race_thread *self)
{
	return self->now - self->cuts_known_from > self->cut_count && fl_race_savings.alike;
}

/* Of two of the thread's own epochs. */
static inline bool fl_is_alike(const struct fl_race_thread *self, fl_epoch a, fl_epoch b)
{
	uint32_t from = fl_epoch_clock(a < b ? a : b), to = fl_epoch_clock(a < b ? b : a);

	if (fl_epoch_slot(a) != self->slot || fl_epoch_slot(b) != self->slot || from < self->cuts_known_from)
		return false;
	for (uint32_t i = 0; i < self->cut_count; i++)
		if (self->cuts[i].clock >= from && self->cuts[i].clock < to)
			return false;
	return true;
}

/* The thread's write says all that its read says: it is of all of its bytes, and of a time that is alike. */
static inline bool fl_write_has_read(const struct fl_race_thread *self, uint64_t write, uint64_t read)
{
	return fl_cuts_are_few(self) && word_is_read(read) && !word_is_read(write) &&
	       !(word_bytes(read) & ~word_bytes(write)) &&
	       fl_is_alike(self, word_epoch(write), word_epoch(read));
}

#endif
