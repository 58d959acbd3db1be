/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * code_links.h: after the text of a line: what is told of it elsewhere, its races and what ended on it.
 */
#ifndef FURLONG_HTML_CODE_LINKS_H
#define FURLONG_HTML_CODE_LINKS_H

#include "page.h"

/* Of a file's lines, in ascending order. */
struct fl_code_links {
	const struct fl_page *page;
	const struct fl_race_mark *marks, *mark, *marks_end; /* all; the first not yet passed */
	const struct fl_ending_mark *end, *ends_end;         /* the first not yet passed */
};

void fl_code_links_begin(struct fl_code_links *code, const struct fl_page *page, const char *path);
bool fl_code_links_any(const struct fl_code_links *code, uint32_t line);
void fl_code_links_emit(struct fl_code_links *code, uint32_t line);

#endif
