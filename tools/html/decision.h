/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * decision.h: MC/DC of a line: a table for each decision of several conditions, folded below its text.
 */
#ifndef FURLONG_HTML_DECISION_H
#define FURLONG_HTML_DECISION_H

#include "expand.h"

/* Those that start on the line, from the *next one of the file's decisions on. */
void fl_decision_emit_line(const struct fl_page *page, struct fl_texts *texts, const struct fl_source *source,
	const struct fl_file *file, size_t *next, uint32_t line);

#endif
