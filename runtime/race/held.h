/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * held.h: which locks a thread held in which epoch.
 *
 * Giving a lock back ends the epoch if anything was recorded in it. So from the first access of an epoch on,
 * a thread's lockset only grows until the epoch ends, and an access need only say how many locks were held:
 * they are the first ones of the epoch's lockset, which is kept here. Contexts are the same whichever lock it
 * was.
 */
#ifndef FL_RACE_HELD_H
#define FL_RACE_HELD_H

#include "race/race.h"

#define FL_HELD_UNKNOWN UINT32_MAX

/* The thread's lockset is this one from now on. */
void fl_held_set(struct fl_race_thread *self, uint32_t lockset);
/* An epoch begins, or one goes on. */
void fl_held_note(struct fl_race_thread *self);
/* Whether the epoch before may go on: its lockset only grew. */
bool fl_held_goes_on(const struct fl_race_thread *self);
/* The lockset that the thread had in that epoch, when it held `count` locks; FL_HELD_UNKNOWN: it was too long
 * ago. Any thread. */
uint32_t fl_held_at(fl_epoch epoch, uint32_t count);
void fl_held_fork_child(void);

#endif
