/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * dump_race.c: race data as they stand: lines of words, indented by what they belong to. They are text
 * already; this makes them safe to print and gives scripts their fields.
 */
#include <errno.h>
#include <string.h>

#include "read/dump.h"
#include "read/race_field.h"
#include "util/files.h"
#include "util/memory.h"
#include "write/json_out.h"

static void dump_json(struct json_out *json, struct fl_arena *arena, const char *line, size_t length)
{
	json_newline(json);
	json_open(json, NULL, '[');
	for (const char *end = line + length; line <= end;) {
		const char *space = memchr(line, ' ', (size_t)(end - line));
		space = space ? space : end;
		json_text(json, NULL, fl_race_field(arena, line, (size_t)(space - line)));
		line = space + 1;
	}
	json_close(json, ']');
}

/* What a line belongs to: the block, a report, a part of it. */
static int depth_of(const char *line, size_t length)
{
	static const char *const deep[] = {"held", "frame"}, *const middle[] = {"access", "order", "says",
								     "step", "location", "freed", "lock",
								     "thread"};
	size_t word = 0;
	while (word < length && line[word] != ' ')
		word++;
	for (size_t i = 0; i < sizeof deep / sizeof *deep; i++)
		if (strlen(deep[i]) == word && !memcmp(deep[i], line, word))
			return 3;
	for (size_t i = 0; i < sizeof middle / sizeof *middle; i++)
		if (strlen(middle[i]) == word && !memcmp(middle[i], line, word))
			return 2;
	return word == 12 && !memcmp(line, "furlong-race", word) ? 0 : 1;
}

static void dump_line(FILE *out, const char *line, size_t length)
{
	fprintf(out, "%*s", 2 * depth_of(line, length), "");
	for (size_t i = 0; i < length; i++)
		putc((unsigned char)line[i] < 0x20 || line[i] == 0x7f ? '?' : line[i], out);
	putc('\n', out);
}

int fl_dump_race(const char *path, bool as_json, FILE *out, struct fl_error *error)
{
	struct fl_bytes bytes;
	struct json_out json = {.stream = out};
	if (fl_bytes_map(path, &bytes))
		return fl_error_set(error, FL_EXIT_DATA, "cannot read %s: %s", path, strerror(errno));
	struct fl_arena *arena = fl_arena_new();
	const char *at = (const char *)bytes.data, *end = at + bytes.size;
	if (as_json) {
		json_open(&json, NULL, '{');
		json_text(&json, "file", path);
		json_open(&json, "lines", '[');
	}
	while (at && at < end) {
		const char *stop = memchr(at, '\n', (size_t)(end - at));
		stop = stop ? stop : end;
		if (as_json)
			dump_json(&json, arena, at, (size_t)(stop - at));
		else
			dump_line(out, at, (size_t)(stop - at));
		at = stop + 1;
	}
	if (as_json) {
		json_close(&json, ']');
		json_close(&json, '}');
		putc('\n', out);
	}
	fl_arena_free(arena);
	fl_bytes_unmap(&bytes);
	return 0;
}
