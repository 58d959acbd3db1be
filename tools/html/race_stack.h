/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * race_stack.h: a stack on a race's page: a line for each frame, that unfolds to the source around it.
 */
#ifndef FURLONG_HTML_RACE_STACK_H
#define FURLONG_HTML_RACE_STACK_H

#include "page.h"
#include "source.h"

/* What a thread needs to write one race after another; zeroed at first but for page and arena. */
struct fl_race_writer {
	struct fl_page page;
	struct fl_arena *arena;
	struct fl_source source;
	const char *loaded; /* whose text `source` holds; NULL: none */
};

/* Which frames are unfolded from the start. */
enum fl_race_unfold { FL_RACE_FOLDED, FL_RACE_TOP_UNFOLDED };

void fl_race_stack_emit(
	struct fl_race_writer *writer, const struct fl_stack *stack, enum fl_race_unfold unfold);
/* "src/counter.c:17:11", as a link where the file has a page. */
void fl_race_place_emit(const struct fl_page *page, const struct fl_frame *frame);

#endif
