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
		bool begins_alike = *glob == *word || *glob == '*' || !names->shortest;
		if (begins_alike && fl_text_match(glob, word, length))
			return true;
	}
	return false;
}
