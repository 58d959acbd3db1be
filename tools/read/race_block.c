/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * race_block.c: see race_block.h. Where blocks begin and end; race_lines.c knows what is in them.
 */
#include "read/race_block.h"

#include <furlong/format.h>
#include <string.h>

#include "read/race_lines.h"

/* The next line, moved past; NULL at the end, or where what is left has no line feed. */
static const char *next_line(struct fl_race_text *text, size_t *length)
{
	const char *line = text->data + text->at;
	const char *end = text->at < text->size ? memchr(line, '\n', text->size - text->at) : NULL;
	if (!end)
		return NULL;
	*length = (size_t)(end - line);
	text->at += *length + 1;
	text->line++;
	return line;
}

/* A line that begins a block: "furlong-race VERSION". 0: it does not. */
static int head_version(const char *line, size_t length)
{
	static const char head[] = "furlong-race ";
	if (length < sizeof head || length > sizeof head + 8 || memcmp(line, head, sizeof head - 1))
		return 0;
	int version = 0;
	for (size_t i = sizeof head - 1; i < length; i++) {
		if (line[i] < '0' || line[i] > '9')
			return 0;
		version = version * 10 + (line[i] - '0');
	}
	return version;
}

/* To the next line that begins a block. */
static void skip_to_head(struct fl_race_text *text)
{
	struct fl_race_text before = *text;
	const char *line;
	size_t length;
	while ((line = next_line(text, &length))) {
		if (head_version(line, length)) {
			*text = before;
			return;
		}
		before = *text;
	}
	text->at = text->size;
}

static int read_lines(struct race_lines *lines, struct fl_race_text *text, struct fl_error *error)
{
	const char *line;
	size_t length;
	struct fl_race_text before = *text;
	while ((line = next_line(text, &length))) {
		if (length == 3 && !memcmp(line, "end", 3)) {
			fl_race_lines_finish(lines);
			return 1;
		}
		if (head_version(line, length)) {
			*text = before;
			break;
		}
		fl_race_lines_read(lines, line, length);
		if (lines->fault)
			return fl_error_set(error, FL_EXIT_DATA, "%s:%zu: not race data: '%.40s': %s",
				text->path, text->line, lines->fields[0], lines->fault);
		before = *text;
	}
	return fl_error_set(error, FL_EXIT_DATA,
		"%s:%zu: a block of race data without its end; the file was cut off or written by others",
		text->path, text->line);
}

int fl_race_block_read(struct fl_race_text *text, struct fl_race_block *block, struct fl_arena *arena,
	struct fl_error *error)
{
	struct race_lines lines = {.block = block, .arena = arena};
	size_t length = 0;
	*block = (struct fl_race_block){.program = "", .label = "", .run = ""};
	if (text->at >= text->size)
		return 0;
	const char *line = next_line(text, &length);
	int version = line ? head_version(line, length) : 0, result;
	if (version >= FURLONG_RACE_VERSION_OLDEST && version <= FURLONG_RACE_VERSION)
		result = read_lines(&lines, text, error);
	else if (version)
		result = fl_error_set(error, FL_EXIT_DATA,
			"%s:%zu: race data of version %d; this tool reads versions %d to %d", text->path,
			text->line, version, FURLONG_RACE_VERSION_OLDEST, FURLONG_RACE_VERSION);
	else
		result = fl_error_set(
			error, FL_EXIT_DATA, "%s:%zu: not race data", text->path, text->line + !line);
	if (result < 0)
		skip_to_head(text);
	fl_race_lines_free(&lines);
	return result;
}
