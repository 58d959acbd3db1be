/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * import_lcov.c: tracefiles of lcov 1.x and 2.x. Checksums, MC/DC and the totals are passed over: totals are
 * counted anew.
 */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "read/import.h"
#include "util/map.h"
#include "util/memory.h"

struct function {
	const char *name; /* NULL: only its place is known yet */
	uint64_t line, end, count;
};

struct parser {
	struct fl_import *import;
	size_t file; /* in import->files; SIZE_MAX outside of a record */
	struct fl_map names;
	struct function *functions; /* of the record */
	size_t function_count, function_capacity;
	uint64_t branch_line, branch_block; /* of the outcomes that are being collected */
	uint64_t *taken;
	size_t taken_count, taken_capacity;
	uint32_t ordinal;
};

/* "123,"; a count may be negative where counters ran over, and is then unknown. */
static uint64_t take_number(const char **at)
{
	char *end;
	uint64_t value = **at == '-' ? 0 : strtoull(*at, &end, 10);
	*at += strcspn(*at, ",");
	*at += **at == ',';
	return value;
}

static struct fl_import_file *present(const struct parser *parser)
{
	return &parser->import->files[parser->file];
}

static struct function *function_of(struct parser *parser, const char *key)
{
	struct fl_map_entry *entry = fl_map_put(&parser->names, key, strlen(key));
	if (entry->value == SIZE_MAX) {
		entry->value = parser->function_count;
		*FL_PUSH(parser->functions, parser->function_count, parser->function_capacity) =
			(struct function){0};
	}
	return &parser->functions[entry->value];
}

/* FN:line,name or FN:line,end,name */
static void read_fn(struct parser *parser, const char *text)
{
	uint64_t line = take_number(&text), end = 0;
	size_t digits = strspn(text, "0123456789");
	if (digits && text[digits] == ',')
		end = take_number(&text);
	struct function *function = function_of(parser, text);
	*function = (struct function){.name = fl_arena_bytes(parser->import->arena, text, strlen(text)),
		.line = line,
		.end = end,
		.count = function->count};
}

static void read_fnda(struct parser *parser, const char *text)
{
	uint64_t count = take_number(&text);
	struct function *function = function_of(parser, text);
	function->count += count;
}

/* FNL:index,line[,end] is a place; FNA:index,count,name one of the functions there. */
static void read_fnl(struct parser *parser, const char *text)
{
	char key[40];
	snprintf(key, sizeof key, "\n%llu", (unsigned long long)take_number(&text));
	struct function *function = function_of(parser, key);
	function->line = take_number(&text);
	function->end = take_number(&text);
}

static void read_fna(struct parser *parser, const char *text)
{
	char key[40];
	snprintf(key, sizeof key, "\n%llu", (unsigned long long)take_number(&text));
	struct function place = *function_of(parser, key);
	uint64_t count = take_number(&text);
	*FL_PUSH(parser->functions, parser->function_count, parser->function_capacity) = (struct function){
		fl_arena_bytes(parser->import->arena, text, strlen(text)), place.line, place.end, count};
}

static void end_branches(struct parser *parser)
{
	if (parser->taken_count)
		fl_import_outcomes(present(parser), parser->branch_line, parser->taken, parser->taken_count,
			&parser->ordinal);
	parser->taken_count = 0;
}

/* BRDA:line,[e|f][U]block,branch,taken; the last is "-" when the line never ran. Branches may be named. */
static void read_brda(struct parser *parser, const char *text)
{
	uint64_t line = take_number(&text);
	while (*text == 'e' || *text == 'f' || *text == 'U')
		text++;
	uint64_t block = take_number(&text);
	const char *last = strrchr(text, ',');
	if (line != parser->branch_line || block != parser->branch_block)
		end_branches(parser);
	parser->branch_line = line;
	parser->branch_block = block;
	*FL_PUSH(parser->taken, parser->taken_count, parser->taken_capacity) =
		last && isdigit((unsigned char)last[1]) ? strtoull(last + 1, NULL, 10) : 0;
}

static void end_record(struct parser *parser)
{
	if (parser->file == SIZE_MAX)
		return;
	end_branches(parser);
	for (size_t i = 0; i < parser->function_count; i++) {
		const struct function *function = &parser->functions[i];
		uint32_t line = (uint32_t)function->line;
		if (function->name && function->line <= FL_LINE_MAX)
			fl_import_function(present(parser), function->name,
				(struct fl_span){
					{line, 0}, {function->end > line ? (uint32_t)function->end : line,
							   FL_COLUMN_MAX}},
				function->count);
	}
	parser->function_count = 0;
	parser->ordinal = 0;
	fl_map_free(&parser->names);
	fl_map_init(&parser->names, parser->import->arena);
	parser->file = SIZE_MAX;
}

static void read_da(struct parser *parser, const char *text)
{
	uint64_t line = take_number(&text);
	fl_import_line(present(parser), line, take_number(&text));
}

static void read_line(struct parser *parser, const char *line)
{
	static const struct {
		const char *word;
		void (*read)(struct parser *parser, const char *text);
	} records[] = {{"DA:", read_da}, {"FN:", read_fn}, {"FNDA:", read_fnda}, {"FNL:", read_fnl},
		{"FNA:", read_fna}, {"BRDA:", read_brda}};
	if (!strncmp(line, "SF:", 3)) {
		end_record(parser);
		parser->file = (size_t)(fl_import_file(parser->import, line + 3) - parser->import->files);
	} else if (!strcmp(line, "end_of_record")) {
		end_record(parser);
	}
	for (size_t i = 0; i < sizeof records / sizeof *records && parser->file != SIZE_MAX; i++)
		if (!strncmp(line, records[i].word, strlen(records[i].word)))
			records[i].read(parser, line + strlen(records[i].word));
}

const char *fl_import_lcov(struct fl_import *import, const char *bytes, size_t size)
{
	struct parser parser = {.import = import, .file = SIZE_MAX};
	char *line = NULL;
	size_t capacity = 0;
	fl_map_init(&parser.names, import->arena);
	for (const char *at = bytes, *end = bytes + size; at < end;) {
		const char *next = memchr(at, '\n', (size_t)(end - at));
		size_t length = (size_t)((next ? next : end) - at);
		if (length >= capacity)
			line = fl_resize(line, capacity = 2 * length + 64, 1);
		memcpy(line, at, length);
		while (length && line[length - 1] == '\r')
			length--;
		line[length] = '\0';
		read_line(&parser, line);
		at = next ? next + 1 : end;
	}
	bool cut = parser.file != SIZE_MAX;
	end_record(&parser);
	fl_map_free(&parser.names);
	free(line);
	free(parser.functions);
	free(parser.taken);
	return cut ? "it ends within a record" : NULL;
}
