/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * import_gcov.c: what `gcov --json-format` writes, one file per object file. Branches of exceptions are left
 * out: they are no conditions of the source. A line of several instances is said once for each.
 */
#include <stdlib.h>
#include <string.h>

#include "read/import.h"
#include "util/json_in.h"
#include "util/memory.h"

struct branches {
	uint64_t *taken;
	size_t count, capacity;
};

/* A call that may throw has two outcomes, of which one says "throw": both go. */
static void read_branches(struct json_in *in, struct branches *branches)
{
	branches->count = 0;
	for (json_in_open(in, '['); json_in_item(in);) {
		uint64_t count = 0;
		bool throws = false;
		for (json_in_open(in, '{'); json_in_key(in);) {
			if (json_in_is(in, "count"))
				count = json_in_number(in);
			else if (json_in_is(in, "throw"))
				throws = json_in_bool(in);
			else
				json_in_skip(in);
		}
		if (throws && branches->count % 2)
			branches->count--;
		else if (!throws)
			*FL_PUSH(branches->taken, branches->count, branches->capacity) = count;
	}
}

static void read_line(
	struct json_in *in, struct fl_import_file *file, struct branches *branches, uint32_t *ordinal)
{
	uint64_t line = 0, count = 0;
	branches->count = 0;
	for (json_in_open(in, '{'); json_in_key(in);) {
		if (json_in_is(in, "line_number"))
			line = json_in_number(in);
		else if (json_in_is(in, "count"))
			count = json_in_number(in);
		else if (json_in_is(in, "branches"))
			read_branches(in, branches);
		else
			json_in_skip(in);
	}
	fl_import_line(file, line, count);
	fl_import_outcomes(file, line, branches->taken, branches->count, ordinal);
}

static void read_function(struct json_in *in, struct fl_import_file *file, struct fl_arena *arena)
{
	const char *name = "";
	uint64_t line = 0, column = 0, end_line = 0, end_column = 0, count = 0;
	for (json_in_open(in, '{'); json_in_key(in);) {
		uint64_t *number = json_in_is(in, "start_line")        ? &line
				   : json_in_is(in, "start_column")    ? &column
				   : json_in_is(in, "end_line")        ? &end_line
				   : json_in_is(in, "end_column")      ? &end_column
				   : json_in_is(in, "execution_count") ? &count
								       : NULL;
		if (number)
			*number = json_in_number(in);
		else if (json_in_is(in, "name"))
			name = json_in_text(in, arena);
		else
			json_in_skip(in);
	}
	if (line <= FL_LINE_MAX && end_line <= FL_LINE_MAX && column <= FL_COLUMN_MAX &&
		end_column < FL_COLUMN_MAX)
		fl_import_function(file, name,
			(struct fl_span){{(uint32_t)line, (uint32_t)column},
				{(uint32_t)end_line, (uint32_t)end_column + 1}},
			count);
}

/* The name may come after the lines. */
static const char *find_name(struct json_in in, struct fl_arena *arena)
{
	const char *name = "";
	for (json_in_open(&in, '{'); json_in_key(&in);) {
		if (json_in_is(&in, "file"))
			name = json_in_text(&in, arena);
		else
			json_in_skip(&in);
	}
	return name;
}

static void read_file(struct json_in *in, struct fl_import *import, struct branches *branches)
{
	struct fl_import_file *file = fl_import_file(import, find_name(*in, import->arena));
	uint32_t ordinal = 0;
	for (json_in_open(in, '{'); json_in_key(in);) {
		if (json_in_is(in, "lines"))
			for (json_in_open(in, '['); json_in_item(in);)
				read_line(in, file, branches, &ordinal);
		else if (json_in_is(in, "functions"))
			for (json_in_open(in, '['); json_in_item(in);)
				read_function(in, file, import->arena);
		else
			json_in_skip(in);
	}
}

const char *fl_import_gcov(struct fl_import *import, const char *bytes, size_t size)
{
	struct json_in in;
	struct branches branches = {0};
	json_in_begin(&in, bytes, size);
	for (json_in_open(&in, '{'); json_in_key(&in);) {
		if (json_in_is(&in, "current_working_directory"))
			import->root = json_in_text(&in, import->arena);
		else if (json_in_is(&in, "files"))
			for (json_in_open(&in, '['); json_in_item(&in);)
				read_file(&in, import, &branches);
		else
			json_in_skip(&in);
	}
	free(branches.taken);
	return in.wrong;
}
