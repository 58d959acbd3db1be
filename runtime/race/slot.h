/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * slot.h: slots as chains of threads, and who ran when. Private to slot.c and thread.c.
 */
#ifndef FL_RACE_SLOT_H
#define FL_RACE_SLOT_H

#include "race/race.h"

/* A slot whose last clock `clock` covers, or a fresh one, or (counted) the one that ended first;
 * FL_SLOT_LIMIT when there is none. From now on `person` runs on it, after *last. */
uint32_t fl_race_slot_take(const struct fl_clock *clock, const struct fl_race_person *person, uint32_t *last);
/* As many were ever used, the first ones. */
uint32_t fl_race_slots(void);
/* Nobody runs on it any more; `last` was its last clock. */
void fl_race_slot_give(uint32_t slot, uint32_t last);
/* Nobody runs on it, nor will before it is let go. False: somebody does. */
bool fl_race_slot_keep(uint32_t slot);
void fl_race_slot_let_go(void);
/* Only the thread is left, and past is all that was done on the other slots: its clock covers it. */
void fl_race_slot_fork_child(struct fl_race_thread *self);

#endif
