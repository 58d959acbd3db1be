/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * text_facts.h: what can be told from the text of a source alone: which lines hold code at all, and where the
 * bodies begin that a compiler may make no code for.
 *
 * A lexer and a row of open braces, not a parser: it never fails, any bytes will do. Of an #if only the first
 * part is followed for braces, so that they stay in pairs.
 */
#ifndef FURLONG_READ_TEXT_FACTS_H
#define FURLONG_READ_TEXT_FACTS_H

#include "model/build.h"
#include "read/macro_names.h"

/* `folded`: macros whose conditions are no branches. Free with fl_text_facts_free(). */
void fl_text_facts_scan(
	struct fl_text_facts *facts, const char *text, size_t length, const struct macro_names *folded);
void fl_text_facts_free(struct fl_text_facts *facts);

#endif
