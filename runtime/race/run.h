/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * run.h: one access to many cells. Neighbours mostly look alike, and what became of one becomes of the next.
 * Private to range.c and elements.c.
 */
#ifndef FL_RACE_RUN_H
#define FL_RACE_RUN_H

#include "race/cell.h"

/* What the access `word` makes of a cell that looks like `seen`. Cells that become a state, or were one,
 * count its references: those are taken and dropped many at a time. */
struct fl_run {
	struct furlong_race_cell seen, next;
	uint64_t word;
	enum fl_short_way way;
	bool free;            /* the memory is given back */
	bool becomes, was;    /* a state */
	int renewed;          /* the word that alone changes; -1: both do */
	uint32_t taken, left; /* references to `next` in hand, and to `seen` no longer needed */
};

static inline void fl_run_init(struct fl_run *run, bool free)
{
	*run = (struct fl_run){.seen = {{UINT64_MAX, UINT64_MAX}}, .free = free};
}

void fl_run_look(struct fl_run *run, const struct fl_access *access, struct furlong_race_cell seen);
bool fl_run_take(struct fl_run *run);
/* To be called at the end. */
void fl_run_settle(struct fl_run *run);

/* False: the cell is not changed, and needs more than this. */
static inline __attribute__((always_inline)) bool fl_run_step(
	struct fl_run *run, const struct fl_access *access, struct furlong_race_cell *cell, bool owned)
{
	struct furlong_race_cell seen = fl_sys_cell_load(cell);

	if (seen.word[0] != run->seen.word[0] || seen.word[1] != run->seen.word[1] ||
		access->word != run->word)
		fl_run_look(run, access, seen);
	if (run->way != FL_SHORT_CHANGE)
		return run->way == FL_SHORT_SAME;
	if (run->becomes && !run->taken && !fl_run_take(run))
		return false;
	if (owned)
		fl_owner_set(cell, run->next);
	else if (run->renewed >= 0 ? !fl_word_change(cell, run->renewed, seen.word[run->renewed],
					     run->next.word[run->renewed])
				   : !fl_sys_cell_change(cell, seen, run->next))
		return false;
	run->taken -= run->becomes;
	run->left += run->was;
	access->self->dirty = true;
	return true;
}

/* All of a range; `element`: it is made of elements one every so many bytes, each an access; or 0. */
void fl_access_range(struct fl_race_thread *self, uintptr_t at, size_t size, bool write, uint64_t element,
	uint32_t what, uint32_t context);

#endif
