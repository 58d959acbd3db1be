/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * changes.h: what is different from a base, where there is one (model/diff.h): on the overview, and beside
 * lines.
 */
#ifndef FURLONG_HTML_CHANGES_H
#define FURLONG_HTML_CHANGES_H

#include "model/diff.h"
#include "page.h"

/* The overview's section: the patch, what was gained and lost, the files, who wrote them. */
void fl_changes_emit(const struct fl_page *page);

/* By how many points the whole is better than the base, beside a total: nothing when there is no base. */
void fl_changes_emit_points(const struct fl_page *page, struct fl_ratio now, struct fl_ratio base);

/* Lines of one file, asked for in ascending order. */
struct fl_changes {
	const struct fl_diff *diff;
	const struct fl_diff_line *line, *end;
};
void fl_changes_begin(struct fl_changes *changes, const struct fl_report *report, const char *path);
/* After the text of a line: that it is new, was lost or gained. */
void fl_changes_emit_line(struct fl_changes *changes, struct fl_emit *out, uint32_t line);
/* Whether it would write something. */
bool fl_changes_has(struct fl_changes *changes, uint32_t line);

#endif
