/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * condition.h: conditions that miss an outcome, as a reader of a line should see them.
 *
 * Text that holds one: a condition, or a macro's use, which may hold several. It is underlined, and says
 * which outcomes never came.
 */
#ifndef FURLONG_HTML_CONDITION_H
#define FURLONG_HTML_CONDITION_H

#include "model/model.h"

struct fl_emit;

/* The conditions that share the text [start, end) of their line. */
struct fl_condition {
	const struct fl_branch *branches;
	size_t count; /* 0: there is none */
	size_t start, end;
};

/* The next text of the line, at or after `at`, whose conditions miss an outcome. `index` is where to look in
 * the file's branches; the caller starts it at the line's first. `length` is the line's. */
struct fl_condition fl_condition_next(
	const struct fl_file *file, size_t *index, uint32_t line, size_t at, size_t length);
/* The tag that begins it; it ends with </em>. */
void fl_condition_emit_start(struct fl_emit *out, const struct fl_condition *condition);
/* `true 3×, never false` */
void fl_condition_emit_counts(struct fl_emit *out, const struct fl_branch *branch);

#endif
