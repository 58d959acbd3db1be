/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * import_llvm.c: what `llvm-cov export` writes. Its functions have their regions, from which the model makes
 * lines as it does from our own; the summaries and the files' segments are passed over.
 */
#include <stdlib.h>
#include <string.h>

#include "read/import.h"
#include "util/json_in.h"
#include "util/memory.h"

/* Its kinds of regions. */
enum { CODE, EXPANSION, SKIPPED, GAP };

/* [line, column, end line, end column, count, file, expanded file, kind] */
enum { REGION_NUMBERS = 8, BRANCH_NUMBERS = 9 };

struct function {
	const char *name;
	uint64_t count;
	const char **files;
	size_t file_count, file_capacity;
	uint64_t (*regions)[REGION_NUMBERS];
	size_t region_count, region_capacity;
	uint64_t (*branches)[BRANCH_NUMBERS];
	size_t branch_count, branch_capacity;
};

static bool make_span(const uint64_t *numbers, struct fl_span *span)
{
	for (int i = 0; i < 4; i += 2)
		if (!numbers[i] || numbers[i] > FL_LINE_MAX)
			return false;
	*span = (struct fl_span){
		{(uint32_t)numbers[0], (uint32_t)numbers[1]}, {(uint32_t)numbers[2], (uint32_t)numbers[3]}};
	return true;
}

/* An expansion's count is that of the text it stands for, which is said as it is. */
static bool make_region(const uint64_t *numbers, struct fl_region_facts *facts)
{
	static const enum fl_region_kind kinds[] = {
		FL_REGION_CODE, FL_REGION_EXPANSION, FL_REGION_SKIPPED, FL_REGION_GAP};
	if (numbers[7] >= sizeof kinds / sizeof *kinds || !make_span(numbers, &facts->span))
		return false;
	facts->kind = kinds[numbers[7]];
	facts->count = numbers[4];
	return true;
}

static void add_branches(struct fl_import *import, const struct function *function)
{
	for (size_t i = 0; i < function->branch_count; i++) {
		const uint64_t *numbers = function->branches[i];
		struct fl_branch_facts facts = {.taken = {numbers[5], numbers[4]}};
		if (numbers[6] >= function->file_count || !make_span(numbers, &facts.span))
			continue;
		struct fl_import_file *file = fl_import_file(import, function->files[numbers[6]]);
		*FL_PUSH(file->branches, file->branch_count, file->branch_capacity) = facts;
	}
}

/* The function's own text is one body; what it reaches through macros stands in other files. */
static void add_function(struct fl_import *import, const struct function *function)
{
	struct fl_import_body body = {0};
	struct fl_span span = {0};
	for (size_t i = 0; i < function->region_count; i++) {
		const uint64_t *numbers = function->regions[i];
		struct fl_region_facts facts;
		if (numbers[5] >= function->file_count || !make_region(numbers, &facts))
			continue;
		if (numbers[5]) {
			struct fl_import_file *file = fl_import_file(import, function->files[numbers[5]]);
			*FL_PUSH(file->regions, file->region_count, file->region_capacity) = facts;
			continue;
		}
		*FL_PUSH(body.regions, body.count, body.capacity) = facts;
		if (!span.start.line)
			span.start = facts.span.start;
		if (facts.span.end.line > span.end.line)
			span.end = facts.span.end;
	}
	struct fl_import_file *file = fl_import_file(import, function->files[0]);
	*FL_PUSH(file->bodies, file->body_count, file->body_capacity) = body;
	fl_import_function(file, function->name, span, function->count);
	add_branches(import, function);
}

static void read_function(struct json_in *in, struct fl_import *import, struct function *function)
{
	function->file_count = function->region_count = function->branch_count = 0;
	function->name = "";
	for (json_in_open(in, '{'); json_in_key(in);) {
		if (json_in_is(in, "name"))
			function->name = json_in_text(in, import->arena);
		else if (json_in_is(in, "count"))
			function->count = json_in_number(in);
		else if (json_in_is(in, "filenames"))
			for (json_in_open(in, '['); json_in_item(in);)
				*FL_PUSH(function->files, function->file_count, function->file_capacity) =
					json_in_text(in, import->arena);
		else if (json_in_is(in, "regions"))
			for (json_in_open(in, '['); json_in_item(in);)
				json_in_numbers(in,
					memset(FL_PUSH(function->regions, function->region_count,
						       function->region_capacity),
						0xff, sizeof *function->regions),
					REGION_NUMBERS);
		else if (json_in_is(in, "branches"))
			for (json_in_open(in, '['); json_in_item(in);)
				json_in_numbers(in,
					memset(FL_PUSH(function->branches, function->branch_count,
						       function->branch_capacity),
						0xff, sizeof *function->branches),
					BRANCH_NUMBERS);
		else
			json_in_skip(in);
	}
	if (function->file_count && !in->wrong)
		add_function(import, function);
}

static void read_export(struct json_in *in, struct fl_import *import, struct function *function)
{
	for (json_in_open(in, '{'); json_in_key(in);) {
		if (json_in_is(in, "functions"))
			for (json_in_open(in, '['); json_in_item(in);)
				read_function(in, import, function);
		else
			json_in_skip(in);
	}
}

const char *fl_import_llvm(struct fl_import *import, const char *bytes, size_t size)
{
	struct json_in in;
	struct function function = {0};
	json_in_begin(&in, bytes, size);
	for (json_in_open(&in, '{'); json_in_key(&in);) {
		if (json_in_is(&in, "data"))
			for (json_in_open(&in, '['); json_in_item(&in);)
				read_export(&in, import, &function);
		else
			json_in_skip(&in);
	}
	free(function.files);
	free(function.regions);
	free(function.branches);
	if (!in.wrong && !import->file_count)
		return "it has no functions; export it without -skip-functions and -summary-only";
	return in.wrong;
}
