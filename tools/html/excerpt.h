/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * excerpt.h: source files of which some lines are shown, here and there: the last few stay in memory, with
 * the lexer's state every so many lines, as what a line is depends on all above it. One per thread, zeroed at
 * first.
 */
#ifndef FURLONG_HTML_EXCERPT_H
#define FURLONG_HTML_EXCERPT_H

#include "highlight.h"
#include "source.h"

struct fl_excerpt_file {
	struct fl_source source;
	const char *path;           /* NULL: none yet */
	struct fl_highlight *marks; /* the first line, then every 256 lines, as far as was asked */
	size_t mark_count, mark_capacity;
};

struct fl_excerpts {
	struct fl_excerpt_file files[8];
	size_t next; /* the next to make room */
};

/* Without lines when it cannot be read. `path` has to last; the file until the next call. */
struct fl_excerpt_file *fl_excerpt_file(struct fl_excerpts *excerpts, const char *path);
/* As the lexer is before that line, 1 the first. */
struct fl_highlight fl_excerpt_lexer(struct fl_excerpt_file *file, enum fl_language language, uint32_t line);
void fl_excerpts_free(struct fl_excerpts *excerpts);

#endif
