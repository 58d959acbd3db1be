/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * elements.h: what a thread remembers of the loops that it went through.
 */
#ifndef FL_RACE_ELEMENTS_H
#define FL_RACE_ELEMENTS_H

#include "race/race.h"

#define FL_WALKED_FEWEST FL_TINY(256, 2)
#define FL_WALKED_MOST   FL_TINY(16384, 8)

/* All zeros: nothing. */
struct fl_race_walked {
	uintptr_t begin;
	uint64_t count, shape; /* as in abi.h */
	uint64_t when;         /* stamp << 1 | written */
};

#define FL_SHORT_STRETCH 64 /* bytes; shorter ones are remembered when they come again */

void fl_walked_free(struct fl_race_thread *self);

#endif
