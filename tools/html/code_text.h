/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * code_text.h: the text of a line of code, in its cell: tokens, what never ran, conditions that always came
 * out the same.
 */
#ifndef FURLONG_HTML_CODE_TEXT_H
#define FURLONG_HTML_CODE_TEXT_H

#include "emit.h"
#include "highlight.h"
#include "judge.h"

struct fl_code_text {
	struct fl_emit *out;
	struct fl_judge *judge;
	struct fl_highlight highlight; /* of the line: fl_highlight_line() was called */
};

/* A line whose text is all alike: covered, missed, or no code. */
void fl_code_text_plain(struct fl_code_text *code, const char *text, size_t length);
/* A line with stains or one-sided conditions; `branch` is its first one. */
void fl_code_text_mixed(
	struct fl_code_text *code, uint32_t line, size_t branch, const char *text, size_t length);

#endif
