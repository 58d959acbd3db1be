/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * macro_names.c: see macro_names.h.
 */
#include "read/macro_names.h"

#include <stdint.h>
#include <string.h>

/* Letters that the glob asks for; 0: it has none, or is more than letters and stars. */
static size_t letters_of(const char *glob)
{
	size_t stars = 0, length = 0;
	for (; glob[length]; length++)
		stars += glob[length] == '*';
	return strpbrk(glob, "?[\\/") ? 0 : length - stars;
}

/* Letters and stars. A star takes as little as will do, and more when what follows does not. */
static bool matches(const char *glob, const char *at, const char *end)
{
	const char *after_star = NULL, *resume = NULL;
	for (;;) {
		if (*glob == '*') {
			while (*glob == '*')
				glob++;
			after_star = glob;
			if (!*glob)
				return true;
		} else if (at < end && *glob == *at) {
			glob++, at++;
			continue;
		} else if (at == end && !*glob) {
			return true;
		} else if (after_star) {
			glob = after_star;
			at = resume;
		} else {
			return false;
		}
		at = at < end ? memchr(at, *glob, (size_t)(end - at)) : NULL;
		if (!at)
			return false;
		resume = at + 1;
	}
}

void fl_macro_names_begin(struct macro_names *names, const struct fl_words *globs)
{
	*names = (struct macro_names){.globs = globs, .shortest = SIZE_MAX};
	for (size_t i = 0; i < globs->count; i++) {
		const char *glob = globs->items[i];
		size_t letters = letters_of(glob);
		names->shortest = letters < names->shortest ? letters : names->shortest;
		names->begins[(unsigned char)*glob] = true;
		if (*glob == '*')
			names->within = !names->within || names->within == glob[1] ? glob[1] : '*';
	}
}

static bool matches_pattern(const char *glob, const char *word, size_t length)
{
	char name[256];
	if (length >= sizeof name)
		return false;
	memcpy(name, word, length);
	name[length] = 0;
	return fl_text_glob(glob, name);
}

/* Most words may not, and need no closer look. */
static bool may_match(const struct macro_names *names, const char *word, size_t length)
{
	return names->begins[(unsigned char)*word] || names->within == '*' ||
	       (names->within && memchr(word, names->within, length));
}

bool fl_macro_names_have(const struct macro_names *names, const char *word, size_t length)
{
	if (length < names->shortest || (names->shortest && !may_match(names, word, length)))
		return false;
	for (size_t i = 0; i < names->globs->count; i++) {
		const char *glob = names->globs->items[i];
		if (names->shortest && *glob != *word && *glob != '*')
			continue;
		if (names->shortest ? matches(glob, word, word + length)
				    : matches_pattern(glob, word, length))
			return true;
	}
	return false;
}
