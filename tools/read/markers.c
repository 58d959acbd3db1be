/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * markers.c: see markers.h. Markers are words; nobody asks whether they stand in a comment.
 */
#include "read/markers.h"

#include <ctype.h>
#include <string.h>

#include "util/memory.h"

enum action { ONE_LINE, START, STOP };

static const struct marker {
	const char *word; /* after PREFIX_EXCL_ */
	enum action action;
	enum fl_exclusion_kind kind;
} markers[] = {
	{"LINE", ONE_LINE, FL_EXCLUDE_LINES},
	{"START", START, FL_EXCLUDE_LINES},
	{"STOP", STOP, FL_EXCLUDE_LINES},
	{"BR_LINE", ONE_LINE, FL_EXCLUDE_BRANCHES},
	{"BR_START", START, FL_EXCLUDE_BRANCHES},
	{"BR_STOP", STOP, FL_EXCLUDE_BRANCHES},
	{"FUNCTION", ONE_LINE, FL_EXCLUDE_FUNCTION},
};

static const char *const prefixes[] = {"FURLONG", "LCOV", "GCOVR", "GCOV"};

static bool in_word(char c)
{
	return isalnum((unsigned char)c) || c == '_';
}

/* The marker whose `_EXCL_` stands at `middle`, or NULL. */
static const struct marker *recognise(const char *text, size_t length, size_t middle)
{
	size_t begin = middle, end = middle + strlen("_EXCL_");
	while (begin && in_word(text[begin - 1]))
		begin--;
	size_t word = end;
	while (end < length && in_word(text[end]))
		end++;
	bool ours = false;
	for (size_t i = 0; i < sizeof prefixes / sizeof *prefixes; i++)
		ours |= strlen(prefixes[i]) == middle - begin &&
			!memcmp(prefixes[i], text + begin, middle - begin);
	for (size_t i = 0; ours && i < sizeof markers / sizeof *markers; i++)
		if (strlen(markers[i].word) == end - word &&
			!memcmp(markers[i].word, text + word, end - word))
			return &markers[i];
	return NULL;
}

static void add(struct fl_exclusions *exclusions, enum fl_exclusion_kind kind, uint32_t first, uint32_t last)
{
	*FL_PUSH(exclusions->items, exclusions->count, exclusions->capacity) =
		(struct fl_exclusion){kind, first, last};
}

/* `open` holds the line where a stretch of each kind began, or 0. */
static void act(struct fl_exclusions *exclusions, const struct marker *marker, uint32_t line, uint32_t *open)
{
	uint32_t *begun = &open[marker->kind];
	switch (marker->action) {
	case ONE_LINE:
		add(exclusions, marker->kind, line, line);
		break;
	case START:
		if (!*begun)
			*begun = line;
		break;
	case STOP:
		if (*begun)
			add(exclusions, marker->kind, *begun, line);
		else if (!exclusions->unopened)
			exclusions->unopened = line;
		*begun = 0;
		break;
	}
}

void fl_markers_scan(struct fl_exclusions *exclusions, const char *text, size_t length)
{
	uint32_t open[3] = {0}, line = 1;
	size_t counted = 0; /* newlines before here are in `line` */
	for (const char *at = text; (at = memmem(at, length - (size_t)(at - text), "_EXCL_", 6)); at += 6) {
		size_t middle = (size_t)(at - text);
		const struct marker *marker = recognise(text, length, middle);
		if (!marker)
			continue;
		for (; counted < middle; counted++)
			line += text[counted] == '\n';
		act(exclusions, marker, line, open);
	}
	for (unsigned kind = 0; kind < 3; kind++) {
		if (!open[kind])
			continue;
		add(exclusions, kind, open[kind], UINT32_MAX);
		exclusions->unclosed = open[kind];
	}
}
