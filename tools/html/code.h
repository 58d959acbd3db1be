/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * code.h: the table of source lines on a file's page.
 */
#ifndef FURLONG_HTML_CODE_H
#define FURLONG_HTML_CODE_H

#include "highlight.h"
#include "judge.h"
#include "page.h"

struct fl_texts;

/* Writes the lines of judge->file. `next` is the node where the arrow of the last stretch leads: the next
 * file that is not fully covered, or FL_TREE_NONE. */
void fl_code_emit(const struct fl_page *page, struct fl_judge *judge, struct fl_texts *texts, uint32_t next);

#endif
