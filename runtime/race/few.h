/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * few.h: a plain access comes to a few plain members, none of which races with it: the rules for sets (set.c)
 * in one pass, with what is past for everybody left out. A cell that one thread comes back to in many epochs,
 * each time to other bytes, as to the fields of a structure under a lock, has such a set.
 */
#ifndef FL_RACE_FEW_H
#define FL_RACE_FEW_H

#include "race/context.h"
#include "race/short.h"

/* What the access makes of the two words of a cell, or of a state that no other cell has, where it is. False:
 * it is not that simple, or somebody else changed it meanwhile; nothing has changed then. Without a context
 * in the word it is that of the place. */
bool fl_few_take(struct fl_race_thread *self, struct furlong_race_cell *cell, uint64_t word,
	const struct fl_place *place);

#endif
