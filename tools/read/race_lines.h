/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * race_lines.h: the lines of a block of race data, one by one, into the block: what race_block.c is made of.
 */
#ifndef FURLONG_READ_RACE_LINES_H
#define FURLONG_READ_RACE_LINES_H

#include "read/race_block.h"

struct race_list {
	void *items;
	size_t count, capacity;
};

enum { RACE_FIELDS = 8 };

struct race_lines {
	struct fl_race_block *block;
	struct fl_arena *arena;
	const char *fields[RACE_FIELDS]; /* of the line at hand */
	size_t field_count;
	/* What grows, until it moves to the arena. `frames` belong to *stack, `held` to the last access. */
	struct race_list objects, accesses, held, frames, threads, locks, times, suppressed, missed, bare;
	struct fl_stack *stack;
	bool in_held;
	const char *fault; /* what is wrong with the line; NULL: nothing */
};

void fl_race_lines_read(struct race_lines *lines, const char *line, size_t length);
/* The block is complete: what grew is its. */
void fl_race_lines_finish(struct race_lines *lines);
void fl_race_lines_free(struct race_lines *lines);

#endif
