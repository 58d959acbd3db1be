/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * run.h: one access to many cells. Neighbours mostly look alike, and what became of one becomes of the next.
 * Private to range.c and elements.c.
 */
#ifndef FL_RACE_RUN_H
#define FL_RACE_RUN_H

#include "race/cell.h"

/* What the access `word` makes of a cell that looks like `seen`. */
struct fl_run {
	struct furlong_race_cell seen, next;
	uint64_t word;
	enum fl_short_way way;
	bool free; /* the memory is given back */
};

static inline void fl_run_init(struct fl_run *run, bool free)
{
	*run = (struct fl_run){{{UINT64_MAX, UINT64_MAX}}, {{0, 0}}, 0, FL_SHORT_NONE, free};
}

void fl_run_look(struct fl_run *run, const struct fl_access *access, struct furlong_race_cell seen);

/* All of a range; `element`: it is made of elements of that size, each an access, or 0. */
void fl_access_range(struct fl_race_thread *self, uintptr_t at, size_t size, bool write, uint32_t element,
	uint32_t what, uint32_t context);

#endif
