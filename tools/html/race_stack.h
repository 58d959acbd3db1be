/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * race_stack.h: a stack on a race's page: a line for each frame, that unfolds to the source around it.
 */
#ifndef FURLONG_HTML_RACE_STACK_H
#define FURLONG_HTML_RACE_STACK_H

#include "excerpt.h"
#include "page.h"

/* What a thread needs to write one race after another; zeroed at first but for page and arena. */
struct fl_race_writer {
	struct fl_page page;
	struct fl_arena *arena;
	struct fl_excerpts excerpts;
};

/* What a stack is of: in that of an access, the library function that made it matters. */
enum fl_race_stack { FL_RACE_ACCESS, FL_RACE_ORIGIN };

void fl_race_stack_emit(struct fl_race_writer *writer, const struct fl_stack *stack, enum fl_race_stack kind);
bool fl_race_frame_is_same(const struct fl_frame *a, const struct fl_frame *b);
/* The text, its first letter a capital. In the arena. */
const char *fl_race_capital(const char *text, struct fl_arena *arena);
/* "src/counter.c:17:11", as a link where the file has a page. */
void fl_race_place_text(struct fl_emit *out, const struct fl_frame *frame);
void fl_race_place_emit(const struct fl_page *page, const struct fl_frame *frame);

#endif
