/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * listing.h: lines of a source with their counts and with what is missing in them, for a terminal.
 *
 * With colour, what never ran is red and a condition that misses an outcome is underlined. Without, a line
 * below points at the one with `^` and at the other with `~`, and says what is missing.
 */
#ifndef FURLONG_CMD_LISTING_H
#define FURLONG_CMD_LISTING_H

#include "html/highlight.h"
#include "html/judge.h"
#include "html/source.h"
#include "model/model.h"

struct listing {
	const struct fl_file *file;
	struct fl_source source; /* without lines when it cannot be read */
	struct fl_judge judge;
	bool color;
	struct fl_highlight highlight;
	uint32_t read; /* up to this line, by the highlighter */
	int number_width, count_width;
	size_t line, branch; /* indices of the first not yet passed */
	unsigned char *kinds;
	size_t kind_capacity;
};

void fl_listing_begin(struct listing *listing, const struct fl_file *file, bool color);
void fl_listing_end(struct listing *listing);
/* Lines must be asked for in ascending order. */
void fl_listing_print(struct listing *listing, uint32_t line);
/* Whether something is left to cover on the line. */
bool fl_listing_is_missing(const struct listing *listing, uint32_t line);
/* All conditions of a line with their counts. */
void fl_listing_branches(const struct listing *listing, uint32_t line);
/* Its decisions: what was evaluated, what that shows of each condition, and what is missing. */
void fl_listing_decisions(const struct listing *listing, uint32_t line);

#endif
