/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * import_json.c: our own JSON (docs/report.schema.json): coverage only, complete.
 */
#include <string.h>
#include <unistd.h>

#include "read/import.h"
#include "util/json_in.h"
#include "util/memory.h"

static void read_position(struct json_in *in, struct fl_position *position)
{
	uint64_t numbers[2] = {0};
	json_in_numbers(in, numbers, 2);
	if (numbers[0] <= FL_LINE_MAX && numbers[1] <= FL_COLUMN_MAX)
		*position = (struct fl_position){(uint32_t)numbers[0], (uint32_t)numbers[1]};
}

static uint32_t read_small(struct json_in *in)
{
	uint64_t number = json_in_number(in);
	return number <= FL_COLUMN_MAX ? (uint32_t)number : 0;
}

static void read_line(struct json_in *in, struct fl_import_file *file)
{
	struct fl_import_line line = {0};
	for (json_in_open(in, '{'); json_in_key(in);) {
		if (json_in_is(in, "line"))
			line.line = read_small(in);
		else if (json_in_is(in, "count"))
			line.count = json_in_number(in);
		else if (json_in_is(in, "excluded"))
			line.excluded = json_in_bool(in);
		else
			json_in_skip(in);
	}
	if (line.line && line.line <= FL_LINE_MAX)
		*FL_PUSH(file->lines, file->line_count, file->line_capacity) = line;
}

static void read_function(struct json_in *in, struct fl_import_file *file, struct fl_arena *arena)
{
	struct fl_import_function function = {.name = ""};
	for (json_in_open(in, '{'); json_in_key(in);) {
		if (json_in_is(in, "linkage"))
			function.name = json_in_text(in, arena);
		else if (json_in_is(in, "line"))
			function.span.start.line = read_small(in);
		else if (json_in_is(in, "column"))
			function.span.start.column = read_small(in);
		else if (json_in_is(in, "end_line"))
			function.span.end = (struct fl_position){read_small(in), FL_COLUMN_MAX};
		else if (json_in_is(in, "count"))
			function.count = json_in_number(in);
		else
			json_in_skip(in);
	}
	fl_import_function(file, function.name, function.span, function.count);
}

/* Instances are one already: what shares its place with another is what a macro made. */
static void tell_apart(struct fl_import_file *file)
{
	for (size_t i = 1; i < file->function_count; i++) {
		struct fl_import_function *function = &file->functions[i];
		struct fl_position start = function->span.start, before = function[-1].span.start;
		if (start.line == before.line && start.column == before.column)
			function->by_name = function[-1].by_name = true;
	}
}

static void read_macro(struct json_in *in, struct fl_branch_facts *branch, struct fl_arena *arena)
{
	for (json_in_open(in, '{'); json_in_key(in);) {
		if (json_in_is(in, "path"))
			branch->macro = json_in_text(in, arena);
		else if (json_in_is(in, "start"))
			read_position(in, &branch->in_macro.start);
		else if (json_in_is(in, "end"))
			read_position(in, &branch->in_macro.end);
		else
			json_in_skip(in);
	}
}

static void read_constant(struct json_in *in, struct fl_branch_facts *branch, struct fl_arena *arena)
{
	for (json_in_open(in, '['); json_in_item(in);)
		branch->folded[!strcmp(json_in_text(in, arena), "true")] = true;
}

/* Conditions that share a place come in their order; the number keeps them apart. */
static void read_branch(struct json_in *in, struct fl_import_file *file, struct fl_arena *arena)
{
	struct fl_branch_facts branch = {.ordinal = (uint32_t)file->branch_count};
	bool excluded = false;
	for (json_in_open(in, '{'); json_in_key(in);) {
		if (json_in_is(in, "line"))
			branch.span.start.line = read_small(in);
		else if (json_in_is(in, "column"))
			branch.span.start.column = read_small(in);
		else if (json_in_is(in, "end"))
			read_position(in, &branch.span.end);
		else if (json_in_is(in, "true"))
			branch.taken[1] = json_in_number(in);
		else if (json_in_is(in, "false"))
			branch.taken[0] = json_in_number(in);
		else if (json_in_is(in, "constant"))
			read_constant(in, &branch, arena);
		else if (json_in_is(in, "macro"))
			read_macro(in, &branch, arena);
		else if (json_in_is(in, "excluded"))
			excluded = json_in_bool(in);
		else
			json_in_skip(in);
	}
	uint32_t line = branch.span.start.line;
	if (!line || line > FL_LINE_MAX)
		return;
	*FL_PUSH(file->branches, file->branch_count, file->branch_capacity) = branch;
	if (excluded)
		*FL_PUSH(file->exclusions, file->exclusion_count, file->exclusion_capacity) =
			(struct fl_exclusion){FL_EXCLUDE_BRANCHES, line, line};
}

static void read_region(struct json_in *in, struct fl_import_file *file)
{
	struct fl_import_stretch stretch = {0};
	for (json_in_open(in, '{'); json_in_key(in);) {
		if (json_in_is(in, "start"))
			read_position(in, &stretch.span.start);
		else if (json_in_is(in, "end"))
			read_position(in, &stretch.span.end);
		else if (json_in_is(in, "count"))
			stretch.count = json_in_number(in);
		else
			json_in_skip(in);
	}
	if (stretch.span.start.line && stretch.span.end.line)
		*FL_PUSH(file->stretches, file->stretch_count, file->stretch_capacity) = stretch;
}

static void read_no_code(struct json_in *in, struct fl_import_file *file)
{
	uint64_t lines[2] = {0};
	json_in_numbers(in, lines, 2);
	if (lines[0] && lines[0] <= lines[1] && lines[1] <= FL_LINE_MAX)
		*FL_PUSH(file->no_code, file->no_code_count, file->no_code_capacity) =
			(struct fl_import_range){(uint32_t)lines[0], (uint32_t)lines[1]};
}

/* What of the report is left out, each once. */
static void note(struct fl_import *import, const char *what)
{
	if (!import->note)
		import->note = what;
	else if (!strstr(import->note, what))
		import->note = fl_arena_format(import->arena, "%s; %s", import->note, what);
}

static void read_file(struct json_in *in, struct fl_import *import)
{
	struct fl_import_file *file = NULL;
	for (json_in_open(in, '{'); json_in_key(in);) {
		if (json_in_is(in, "path"))
			file = fl_import_file(import, json_in_text(in, import->arena));
		else if (file && json_in_is(in, "counts"))
			file->hits = !strcmp(json_in_text(in, import->arena), "hits");
		else if (file && json_in_is(in, "lines"))
			for (json_in_open(in, '['); json_in_item(in);)
				read_line(in, file);
		else if (file && json_in_is(in, "functions"))
			for (json_in_open(in, '['); json_in_item(in);)
				read_function(in, file, import->arena);
		else if (file && json_in_is(in, "branches"))
			for (json_in_open(in, '['); json_in_item(in);)
				read_branch(in, file, import->arena);
		else if (file && json_in_is(in, "regions"))
			for (json_in_open(in, '['); json_in_item(in);)
				read_region(in, file);
		else if (file && json_in_is(in, "no_code"))
			for (json_in_open(in, '['); json_in_item(in);)
				read_no_code(in, file);
		else {
			if (json_in_is(in, "decisions"))
				note(import, "its MC/DC is not read");
			json_in_skip(in);
		}
	}
	if (file)
		tell_apart(file);
}

static void read_coverage(struct json_in *in, struct fl_import *import)
{
	for (json_in_open(in, '{'); json_in_key(in);) {
		if (json_in_is(in, "files"))
			for (json_in_open(in, '['); json_in_item(in);)
				read_file(in, import);
		else
			json_in_skip(in);
	}
}

/* A report that was made elsewhere is about the sources that are here. */
static const char *root_of(const char *said)
{
	return access(said, F_OK) ? NULL : said;
}

const char *fl_import_json(struct fl_import *import, const char *bytes, size_t size)
{
	struct json_in in;
	json_in_begin(&in, bytes, size);
	for (json_in_open(&in, '{'); json_in_key(&in);) {
		if (json_in_is(&in, "root"))
			import->root = root_of(json_in_text(&in, import->arena));
		else if (json_in_is(&in, "coverage"))
			read_coverage(&in, import);
		else if (json_in_is(&in, "races") && json_in_kind(&in) == '{') {
			note(import, "its races are not read: give the data themselves for those");
			json_in_skip(&in);
		} else
			json_in_skip(&in);
	}
	return in.wrong;
}
