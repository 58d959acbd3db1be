/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * run.h: one access to many cells. Neighbours mostly look alike, and what became of one becomes of the next.
 * Private to range.c and elements.c.
 */
#ifndef FL_RACE_RUN_H
#define FL_RACE_RUN_H

#include "race/page.h"
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

/* Cells that one access goes through from here on; pages of theirs that are new are brought in together. */
static inline void fl_run_ahead(struct furlong_race_cell *cell, uint64_t cells)
{
	if (cells >= FL_RUN_LONG && !(fl_sys_cell_load(cell).word[0]))
		fl_shadow_bring_in(cell, cells, false);
}

/* A way through cells, in one chunk after the other: whole pages by one cell as long as they are not apart
 * (page.h). */
struct fl_walk {
	struct fl_access access;
	struct fl_run run;
	uint64_t whole;                              /* the access to all bytes of a cell */
	const struct furlong_race_cell *begin, *end; /* of the part of a chunk that is entered; empty: none */
	enum fl_owner_way whose;
};

/* `whole`: the access's word, of all bytes; `origin` and `stride` as in struct fl_access. */
void fl_walk_init(
	struct fl_walk *walk, struct fl_race_thread *self, uint64_t whole, uintptr_t origin, uint64_t stride);
/* The same bytes of `count` cells, one every `step`, the first of which is that of the address `at`, where it
 * begins. */
void fl_walk_along(struct fl_walk *walk, uintptr_t at, uint8_t bytes, uint64_t count, uint64_t step);
/* To be called at the end, and before another access of the thread. */
void fl_walk_leave(struct fl_walk *walk);

/* All of a range; `element`: it is made of elements one every so many bytes, each an access; or 0. */
void fl_access_range(struct fl_race_thread *self, uintptr_t at, size_t size, bool write, uint64_t element,
	uint32_t what, uint32_t context);

#endif
