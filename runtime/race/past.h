/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * past.h: epochs that are past for everybody: every thread that can still access memory is ordered after
 * them, and so is each one to come, which begins with its creator's clock. Nothing can race any more with
 * what was done in them, and sets need not keep it.
 */
#ifndef FL_RACE_PAST_H
#define FL_RACE_PAST_H

#include "race/cell.h"

extern uint32_t fl_past[FL_SLOT_LIMIT]; /* by slot: up to which clock; only grows */

static inline bool fl_is_past(uint64_t member)
{
	return fl_epoch_clock(word_epoch(member)) <=
	       __atomic_load_n(&fl_past[word_slot(member)], __ATOMIC_RELAXED);
}

/* Looks how far that is. */
void fl_past_look(struct fl_race_thread *self);

#define FL_PAST_PATIENCE FL_TINY(64, 2)

/* The thread met a set for which that may matter: looks now and then. */
static inline void fl_past_met(struct fl_race_thread *self)
{
	if (__builtin_expect(++self->past_met >= FL_PAST_PATIENCE, 0))
		fl_past_look(self);
}

/* There are threads to come that begin with an older clock: it stays as it is. */
void fl_past_stop(void);
/* A handler is about to be set: it may run in a thread that waits for another one's end. */
void fl_past_may_handle(void);

#endif
