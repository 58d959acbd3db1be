/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * macro_names.h: whether a word of a source is one of the macros that some globs name. It is asked of every
 * word of every source.
 */
#ifndef FURLONG_READ_MACRO_NAMES_H
#define FURLONG_READ_MACRO_NAMES_H

#include <stdbool.h>
#include <stddef.h>

#include "util/text.h"

struct macro_names {
	const struct fl_words *globs;
	bool begins[256]; /* letters that globs begin with */
	char within;     /* the letter after the star that globs begin with; "*": they differ; 0: none does */
	size_t shortest; /* letters that a name has at least; 0: some glob is more than letters and stars */
};

void fl_macro_names_begin(struct macro_names *names, const struct fl_words *globs);
bool fl_macro_names_have(const struct macro_names *names, const char *word, size_t length);

#endif
