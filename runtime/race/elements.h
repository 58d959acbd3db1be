/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * elements.h: what a thread remembers of the loops that it went through.
 */
#ifndef FL_RACE_ELEMENTS_H
#define FL_RACE_ELEMENTS_H

#include "race/race.h"
#include "race/sys_cell.h"

#define FL_WALKED_FEWEST FL_TINY(256, 2)
#define FL_WALKED_MOST   FL_TINY(16384, 8)

/* All zeros: nothing. */
struct fl_race_walked {
	uintptr_t begin;
	uint64_t count, shape; /* as in abi.h */
	uint64_t when;         /* stamp << 1 | written */
};

/* Whether the thread went through it in its present epoch. What stubs ask first: they save no register, so
 * that these do, and there are few. */
FL_SYS_SAVES_ALL bool fl_walked_read(uintptr_t address, uint64_t count, uint64_t shape);
FL_SYS_SAVES_ALL bool fl_walked_written(uintptr_t address, uint64_t count, uint64_t shape);

void fl_walked_free(struct fl_race_thread *self);

#endif
