/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * keywords.h: the words that C and C++ reserve, and the few types that everybody reads as such.
 */
#ifndef FURLONG_HTML_KEYWORDS_H
#define FURLONG_HTML_KEYWORDS_H

#include <stdbool.h>
#include <stddef.h>

/* Once before the first search; any thread may, any number of times. */
void fl_keyword_prepare(void);
bool fl_keyword_find(const char *word, size_t length, bool cxx);

#endif
