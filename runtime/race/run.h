/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * run.h: one access to many cells. Neighbours mostly look alike, and what became of one becomes of the next.
 * Private to range.c and elements.c.
 */
#ifndef FL_RACE_RUN_H
#define FL_RACE_RUN_H

#include "race/short.h"

#define FL_RUN_WAYS 4
#define FL_RUN_LONG 1024 /* cells: four pages */

/* What the access `word` makes of a cell that looks like `seen`. */
struct fl_run_way {
	struct furlong_race_cell seen, next;
	uint64_t word;
	enum fl_short_way way;
	int renewed;             /* the word that alone changes; -1: both do */
	bool keeps;              /* others' reads (cell.h) */
	bool becomes, was;       /* a state */
	struct fl_run_way *then; /* of the cell behind, when it was another last time */
};

/* Patterns repeat: fields of a structure, elements that lie across cells. Cells that become a state, or were
 * one, count its references: those are taken and dropped many at a time. */
struct fl_run {
	struct fl_run_way *now, ways[FL_RUN_WAYS];
	bool free;            /* the memory is given back */
	uint32_t oldest;      /* of the ways, counted on */
	uint32_t taken, left; /* references to now->next in hand, and to now->seen no longer needed */
};

static inline void fl_run_init(struct fl_run *run, bool free)
{
	for (int i = 0; i < FL_RUN_WAYS; i++) {
		run->ways[i].seen.word[0] = UINT64_MAX;
		run->ways[i].then = run->ways;
	}
	run->now = run->ways;
	run->free = free;
	run->oldest = 0;
	run->taken = run->left = 0;
}

static inline bool fl_run_way_is(
	const struct fl_run_way *way, const struct fl_access *access, struct furlong_race_cell seen)
{
	return fl_cell_same(way->seen, seen) && way->word == access->word;
}

/* Cells that one access goes through from here on; pages of theirs that are new are brought in together. */
static inline void fl_run_ahead(struct furlong_race_cell *cell, uint64_t cells)
{
	if (cells >= FL_RUN_LONG && !(fl_sys_cell_load(cell).word[0]))
		fl_shadow_bring_in(cell, cells);
}

void fl_run_look(struct fl_run *run, const struct fl_access *access, struct furlong_race_cell seen);
bool fl_run_take(struct fl_run *run);
/* To be called at the end. */
void fl_run_settle(struct fl_run *run);

/* One after the other of `count` cells, one every `step`, in a part of a chunk that is entered. How many were
 * done: the next one is not changed, and needs more than this. */
uint64_t fl_run_along(struct fl_run *run, const struct fl_access *access, struct furlong_race_cell *cell,
	uint64_t count, uint64_t step, enum fl_owner_way whose);

/* All of a range; `element`: it is made of elements one every so many bytes, each an access; or 0. */
void fl_access_range(struct fl_race_thread *self, uintptr_t at, size_t size, bool write, uint64_t element,
	uint32_t what, uint32_t context);

#endif
