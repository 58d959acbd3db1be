/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * budget.h: accesses are recorded for a part of the time only (option race_budget).
 *
 * Time is divided into spells, the same for all threads, in which accesses are recorded or not. What
 * synchronises is followed throughout, and memory that is new is made new: so what is reported is as true as
 * ever. A race is found when both of its accesses come in spells that record; hence all threads do so at
 * once, and races whose accesses are near each other are found in proportion to the time (Bond, Coons and
 * McKinley, PACER, PLDI 2010, record by the same kind of spells).
 *
 * A thread changes over at its next release, or when it calls for a range while it rests. One that comes to
 * neither records each of its cells once, as in any epoch, and then costs nothing more.
 */
#ifndef FL_RACE_BUDGET_H
#define FL_RACE_BUDGET_H

#include "race/race.h"

extern bool fl_budget_on; /* else everything is recorded */

void fl_budget_init(void);
void fl_budget_fork_child(void);
/* Ends the spell if it is over, and has the calling thread go along. */
void fl_budget_follow(struct fl_race_thread *self);
/* The same at a release, by which the program's progress is measured. */
static inline void fl_budget_release(struct fl_race_thread *self)
{
	if (__builtin_expect(!fl_budget_on, 1))
		return;
	self->counts[FL_COUNT_RELEASES + !!(self->ignore_reads_and_writes & FL_RESTS)]++;
	fl_budget_follow(self);
}
/* Milliseconds of the process's CPU time in spells that did not record. */
uint64_t fl_budget_rested(void);

#endif
