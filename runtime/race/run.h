/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * run.h: one access to many cells. Neighbours mostly look alike, and what became of one becomes of the next.
 * Private to range.c and elements.c.
 */
#ifndef FL_RACE_RUN_H
#define FL_RACE_RUN_H

#include "race/cell.h"

#define FL_RUN_WAYS 4

/* What the access `word` makes of a cell that looks like `seen`. */
struct fl_run_way {
	struct furlong_race_cell seen, next;
	uint64_t word;
	enum fl_short_way way;
	int renewed;       /* the word that alone changes; -1: both do */
	bool becomes, was; /* a state */
};

/* Patterns repeat: fields of a structure, elements that lie across cells. Cells that become a state, or were
 * one, count its references: those are taken and dropped many at a time. */
struct fl_run {
	struct fl_run_way *now, ways[FL_RUN_WAYS];
	bool free;            /* the memory is given back */
	uint32_t taken, left; /* references to now->next in hand, and to now->seen no longer needed */
};

static inline void fl_run_init(struct fl_run *run, bool free)
{
	for (int i = 0; i < FL_RUN_WAYS; i++)
		run->ways[i].seen.word[0] = UINT64_MAX;
	run->now = run->ways;
	run->free = free;
	run->taken = run->left = 0;
}

static inline bool fl_run_way_is(
	const struct fl_run_way *way, const struct fl_access *access, struct furlong_race_cell seen)
{
	return way->seen.word[0] == seen.word[0] && way->seen.word[1] == seen.word[1] &&
	       way->word == access->word;
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
	const struct fl_run_way *now = run->now;

	if (!fl_run_way_is(now, access, seen)) {
		fl_run_look(run, access, seen);
		now = run->now;
	}
	if (now->way != FL_SHORT_CHANGE)
		return now->way == FL_SHORT_SAME;
	if (now->becomes && !run->taken && !fl_run_take(run))
		return false;
	if (owned)
		fl_owner_set(cell, now->next);
	else if (!fl_word_change(cell, now->renewed, seen, now->next))
		return false;
	run->taken -= now->becomes;
	run->left += now->was;
	access->self->dirty = true;
	return true;
}

/* All of a range; `element`: it is made of elements one every so many bytes, each an access; or 0. */
void fl_access_range(struct fl_race_thread *self, uintptr_t at, size_t size, bool write, uint64_t element,
	uint32_t what, uint32_t context);

#endif
