/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * text.c: see text.h.
 */
#include "util/text.h"

#include <ctype.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "util/memory.h"

enum { LONGEST_WORD = 63 };

/* Edit distance of a and b, by one row of the table. */
static size_t distance(const char *a, const char *b)
{
	size_t row[LONGEST_WORD + 1], length = strlen(b);
	if (length > LONGEST_WORD || strlen(a) > LONGEST_WORD)
		return SIZE_MAX;
	for (size_t j = 0; j <= length; j++)
		row[j] = j;
	for (size_t i = 0; a[i]; i++) {
		size_t diagonal = row[0];
		row[0] = i + 1;
		for (size_t j = 0; j < length; j++) {
			size_t best = diagonal + (a[i] != b[j]);
			diagonal = row[j + 1];
			if (row[j] + 1 < best)
				best = row[j] + 1;
			if (diagonal + 1 < best)
				best = diagonal + 1;
			row[j + 1] = best;
		}
	}
	return row[length];
}

const char *fl_text_nearest(const char *word, const char *const *candidates, size_t count)
{
	const char *nearest = NULL;
	size_t limit = strlen(word) / 3 + 1, best = limit + 1;
	for (size_t i = 0; i < count; i++) {
		size_t d = distance(word, candidates[i]);
		if (d < best) {
			best = d;
			nearest = candidates[i];
		}
	}
	return nearest;
}

/* Whether the class that begins here, `[:alpha:]`, has the byte; moves behind it. Any other text has nothing
 * and stays. */
static bool class_has(const char **at, unsigned char byte)
{
	static const struct {
		const char *name;
		int (*has)(int);
	} classes[] = {{"[:alnum:]", isalnum}, {"[:alpha:]", isalpha}, {"[:blank:]", isblank},
		{"[:cntrl:]", iscntrl}, {"[:digit:]", isdigit}, {"[:graph:]", isgraph},
		{"[:lower:]", islower}, {"[:print:]", isprint}, {"[:punct:]", ispunct},
		{"[:space:]", isspace}, {"[:upper:]", isupper}, {"[:xdigit:]", isxdigit}};
	for (size_t i = 0; i < sizeof classes / sizeof *classes; i++) {
		size_t length = strlen(classes[i].name);
		if (strncmp(*at, classes[i].name, length))
			continue;
		*at += length;
		return classes[i].has(byte);
	}
	return false;
}

/* Whether a set, from behind its "[" on, has the byte, and where it ends; NULL: it does not, the "[" is one.
 */
static bool set_has(const char *set, char byte, const char **end)
{
	bool negated = *set == '!' || *set == '^', has = false;
	const char *at = set += negated;
	*end = NULL;
	while (*at && (*at != ']' || at == set)) {
		const char *behind = at;
		has |= class_has(&behind, (unsigned char)byte);
		if (behind > at) {
			at = behind;
			continue;
		}
		at += *at == '\\' && at[1];
		unsigned char first = (unsigned char)*at++, last = first;
		if (*at == '-' && at[1] && at[1] != ']') {
			at += 1 + (at[1] == '\\' && at[2]);
			last = (unsigned char)*at++;
		}
		has |= first <= (unsigned char)byte && (unsigned char)byte <= last;
	}
	if (*at)
		*end = at + 1;
	return has != negated;
}

/* Where the glob goes on behind what matches the byte, no star; NULL: that does not. */
static const char *match_byte(const char *glob, char byte)
{
	const char *end;
	if (*glob == '?')
		return glob + 1;
	if (*glob == '[') {
		bool has = set_has(glob + 1, byte, &end);
		if (end)
			return has ? end : NULL;
	}
	glob += *glob == '\\' && glob[1];
	return *glob && *glob == byte ? glob + 1 : NULL;
}

/* A star takes as little as will do, and more when what follows does not match. */
bool fl_text_match(const char *glob, const char *text, size_t length)
{
	const char *end = text + length, *after_star = NULL, *resume = NULL;
	for (;;) {
		if (*glob == '*') {
			while (*glob == '*')
				glob++;
			if (!*glob)
				return true;
			after_star = glob;
			resume = text;
		} else if (text == end) {
			return !*glob;
		} else {
			const char *next = match_byte(glob, *text++);
			if (!next && !after_star)
				return false;
			if (!next)
				text = ++resume;
			glob = next ? next : after_star;
		}
		if (glob == after_star && !strchr("?[\\", *glob)) {
			resume = text = memchr(text, *glob, (size_t)(end - text));
			if (!text)
				return false;
		}
	}
}

/* The path, or a directory that it is in. */
static bool glob_here(const char *glob, const char *path)
{
	size_t length = strlen(path);
	if (fl_text_match(glob, path, length))
		return true;
	while (length--)
		if (path[length] == '/' &&
			(fl_text_match(glob, path, length) || fl_text_match(glob, path, length + 1)))
			return true;
	return false;
}

bool fl_text_glob(const char *glob, const char *path)
{
	if (glob_here(glob, path))
		return true;
	if (*glob == '/')
		return false;
	for (const char *slash = strchr(path, '/'); slash; slash = strchr(slash + 1, '/'))
		if (glob_here(glob, slash + 1))
			return true;
	return false;
}

char *fl_text_clean_path(struct fl_arena *arena, const char *path, const char *base)
{
	size_t base_length = *path == '/' || !base ? 0 : strlen(base);
	char *joined = fl_arena_alloc(arena, base_length + strlen(path) + 3);
	sprintf(joined, "%.*s/%s", (int)base_length, base ? base : "", path);
	bool absolute = base_length || *path == '/';
	char *out = joined + (absolute ? 1 : 0), *start = out;
	for (char *in = joined; *in;) {
		while (*in == '/')
			in++;
		size_t length = strcspn(in, "/");
		if (length == 2 && !memcmp(in, "..", 2)) {
			char *back = out;
			while (back > start && *--back != '/')
				;
			bool can_climb = out > start && strncmp(back + (*back == '/'), "..", 2);
			if (can_climb) {
				out = back;
				in += length;
				continue;
			}
			if (absolute) { /* above the root there is nothing */
				in += length;
				continue;
			}
		}
		if (length && !(length == 1 && *in == '.')) {
			if (out > start)
				*out++ = '/';
			memmove(out, in, length);
			out += length;
		}
		in += length;
	}
	*out = '\0';
	return joined;
}

const char *fl_text_below(const char *path, const char *root)
{
	size_t length = strlen(root);
	while (length && root[length - 1] == '/')
		length--;
	if (strncmp(path, root, length) || path[length] != '/')
		return NULL;
	return path + length + 1;
}

const char *fl_text_percent(double percent, char buffer[static 16])
{
	if (percent < 100 && percent > 99.9)
		percent = 99.9;
	if (percent > 0 && percent < 0.1)
		percent = 0.1;
	snprintf(buffer, 16, "%.1f", percent);
	return buffer;
}

/* Where the `<...>` that starts at `open` ends, or NULL when it is an operator's name. */
static const char *skip_angles(const char *open)
{
	int depth = 0;
	for (const char *p = open; *p; p++) {
		if (*p == '<')
			depth++;
		else if (*p == '>' && p[-1] != '-' && !--depth)
			return p + 1;
	}
	return NULL;
}

/* The length of the operator's name at `p` ("operator<", "operator()", "operator bool"), or 0. */
static size_t operator_length(const char *p)
{
	enum { WORD = 8 };
	if (strncmp(p, "operator", WORD))
		return 0;
	if (!strncmp(p + WORD, "()", 2))
		return WORD + 2;
	if (p[WORD] == ' ') /* a conversion: up to its parameters */
		return WORD + strcspn(p + WORD, "(");
	size_t symbols = strspn(p + WORD, "<>-=");
	return symbols ? WORD + symbols : 0;
}

char *fl_text_generic_name(struct fl_arena *arena, const char *name)
{
	static const char anonymous[] = "(anonymous namespace)";
	char *result = fl_arena_alloc(arena, strlen(name) + 1), *out = result;
	for (const char *p = name; *p;) {
		size_t whole = operator_length(p);
		bool is_operator = whole > 0;
		if (!strncmp(p, anonymous, strlen(anonymous)))
			whole = strlen(anonymous);
		const char *after = !whole && *p == '<' ? skip_angles(p) : NULL;
		if (whole) {
			memcpy(out, p, whole);
			out += whole;
			p += whole;
			p += is_operator && *p == ' '; /* "operator< <int>" */
		} else if (after) {
			p = after;
		} else if (*p == '(') {
			break;
		} else if (*p == ' ') { /* what stood before was the return type */
			out = result;
			p++;
		} else {
			*out++ = *p++;
		}
	}
	*out = '\0';
	return result;
}

unsigned fl_text_utf8(const unsigned char *p)
{
	unsigned length = *p < 0x80 ? 1 : *p >= 0xc2 && *p < 0xe0 ? 2 : *p >= 0xe0 && *p < 0xf0 ? 3 : 4;
	if ((*p >= 0x80 && *p < 0xc2) || *p > 0xf4)
		return 0;
	for (unsigned i = 1; i < length; i++)
		if ((p[i] & 0xc0) != 0x80)
			return 0;
	if ((*p == 0xe0 && p[1] < 0xa0) || (*p == 0xed && p[1] > 0x9f) || (*p == 0xf0 && p[1] < 0x90) ||
		(*p == 0xf4 && p[1] > 0x8f))
		return 0;
	return length;
}
