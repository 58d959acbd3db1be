/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * expand.h: a macro unfolded at its use: the conditions in its text, with what they were at this use.
 */
#ifndef FURLONG_HTML_EXPAND_H
#define FURLONG_HTML_EXPAND_H

#include "condition.h"
#include "page.h"
#include "source.h"

/* Sources whose text other pages show, read once by each thread; zeroed at first. */
struct fl_texts {
	struct fl_text {
		const char *path; /* the model's */
		struct fl_source source;
	} * items;
	size_t count, capacity;
	const char *own_path; /* of the page that is being written, whose source is there already */
	const struct fl_source *own;
};

void fl_texts_free(struct fl_texts *texts);

/* The text of a condition in a macro, as far as it stands on one line and is there. */
void fl_expand_emit_text(const struct fl_page *page, struct fl_texts *texts, const struct fl_branch *branch);
/* Whether it stands in a macro. */
bool fl_expand_wanted(const struct fl_condition *condition);
/* `line` is the text of the line that the condition stands on. */
void fl_expand_emit(const struct fl_page *page, struct fl_texts *texts, const struct fl_file *file,
	const struct fl_condition *condition, const char *line);

#endif
