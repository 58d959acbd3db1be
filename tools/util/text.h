/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * text.h: small questions about strings. No I/O, no state.
 */
#ifndef FURLONG_UTIL_TEXT_H
#define FURLONG_UTIL_TEXT_H

#include <stdbool.h>
#include <stddef.h>

struct fl_arena;

/* A list of words, as options collect them. */
struct fl_words {
	const char **items;
	size_t count, capacity;
};

/* The candidate nearest to `word` by edit distance, or NULL when none is near. */
const char *fl_text_nearest(const char *word, const char *const *candidates, size_t count);

/* Whether all of a text matches a glob, as fnmatch() has it in the C locale. */
bool fl_text_match(const char *glob, const char *text, size_t length);

/* Whether `path` matches `glob`: `*` and `?` match `/` too, and a pattern that names a directory
 * matches all that is below it. A pattern without a slash is tried on each trailing part of the path. */
bool fl_text_glob(const char *glob, const char *path);

/* `path` without `.`, `..` and doubled slashes; made absolute with `base` when it is relative. */
char *fl_text_clean_path(struct fl_arena *arena, const char *path, const char *base);

/* The part of `path` below directory `root`, or NULL when it is not below it. */
const char *fl_text_below(const char *path, const char *root);

/* The length of the well-formed UTF-8 sequence at `p`, or 0. */
unsigned fl_text_utf8(const unsigned char *p);

/* A percentage with one decimal that never rounds up to 100 or down to 0: "99.9", "0.1". */
const char *fl_text_percent(double percent, char buffer[static 16]);

/* A name's readable form without template arguments, parameters and return type. */
char *fl_text_generic_name(struct fl_arena *arena, const char *name);

#endif
