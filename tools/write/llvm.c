/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * llvm.c: as `llvm-cov export` writes it, version 2.0.1, for tools that read that. What is excluded is left
 * out where the format can leave it out, and counted as the model counts it. Macros are not expanded a second
 * time: there are no expansions.
 */
#include <inttypes.h>
#include <string.h>

#include "util/files.h"
#include "write/json_out.h"
#include "write/write.h"

enum { CODE = 0, GAP = 3, BRANCH = 4 }; /* its kinds of regions */

static void write_numbers(struct json_out *json, const uint64_t *numbers, size_t count)
{
	json_open(json, NULL, '[');
	for (size_t i = 0; i < count; i++)
		json_number(json, NULL, numbers[i]);
	json_close(json, ']');
}

static void write_part(struct json_out *json, const char *key, struct fl_ratio ratio, bool says_missed)
{
	json_open(json, key, '{');
	json_number(json, "count", ratio.found);
	json_number(json, "covered", ratio.hit);
	if (says_missed)
		json_number(json, "notcovered", ratio.found - ratio.hit);
	json_fraction(json, "percent", ratio.found ? fl_ratio_percent(ratio) : 0);
	json_close(json, '}');
}

static void write_summary(struct json_out *json, const char *key, const struct fl_totals *totals)
{
	json_open(json, key, '{');
	write_part(json, "branches", totals->branches, true);
	write_part(json, "functions", totals->functions, false);
	write_part(json, "instantiations", totals->functions, false);
	write_part(json, "lines", totals->lines, false);
	if (totals->mcdc.found)
		write_part(json, "mcdc", totals->mcdc, true);
	write_part(json, "regions", totals->regions, true);
	json_close(json, '}');
}

static void write_branch(struct json_out *json, const struct fl_branch *branch)
{
	const uint64_t numbers[] = {branch->start.line, branch->start.column, branch->end.line,
		branch->end.column, branch->taken[1], branch->taken[0], 0, 0, BRANCH};
	write_numbers(json, numbers, sizeof numbers / sizeof *numbers);
}

static bool is_within(struct fl_position start, const struct fl_function *function)
{
	if (!function)
		return true;
	if (start.line != function->start.line && start.line != function->end.line)
		return start.line > function->start.line && start.line < function->end.line;
	bool after = start.line > function->start.line ||
		     (start.line == function->start.line && start.column >= function->start.column);
	bool before = start.line < function->end.line ||
		      (start.line == function->end.line && start.column < function->end.column);
	return after && before;
}

static void write_branches(
	struct json_out *json, const struct fl_file *file, const struct fl_function *function)
{
	json_open(json, "branches", '[');
	for (size_t i = 0; i < file->branch_count; i++)
		if (!file->branches[i].excluded && is_within(file->branches[i].start, function))
			write_branch(json, &file->branches[i]);
	json_close(json, ']');
}

static int compare(struct fl_position a, struct fl_position b)
{
	return a.line != b.line ? (a.line < b.line ? -1 : 1) : (a.column > b.column) - (a.column < b.column);
}

/* Line, column, count, whether it has one, whether a region begins, whether it is a gap. */
static void write_segment(
	struct json_out *json, struct fl_position start, const struct fl_mark *mark, bool enters)
{
	json_open(json, NULL, '[');
	json_number(json, NULL, start.line);
	json_number(json, NULL, start.column);
	json_number(json, NULL, mark->code ? mark->count : 0);
	json_bool(json, NULL, mark->code);
	json_bool(json, NULL, enters);
	json_bool(json, NULL, mark->gap);
	json_close(json, ']');
}

/* A mark stands where the count changes, a segment also where a region begins: readers that know nothing of
 * what goes on from the line before count lines by them. */
static void write_segments(struct json_out *json, const struct fl_file *file)
{
	const struct fl_mark none = {0}, *mark = &none;
	size_t region = 0;
	json_open(json, "segments", '[');
	for (size_t next = 0; next < file->mark_count || region < file->region_count;) {
		const struct fl_position *at = next < file->mark_count ? &file->marks[next].start : NULL;
		bool enters = false;
		if (region < file->region_count && (!at || compare(file->regions[region].start, *at) < 0))
			at = &file->regions[region].start;
		if (next < file->mark_count && !compare(*at, file->marks[next].start))
			mark = &file->marks[next++];
		for (; region < file->region_count && !compare(file->regions[region].start, *at); region++)
			enters = mark->code;
		write_segment(json, *at, mark, enters);
	}
	json_close(json, ']');
}

static void write_file(struct json_out *json, const struct fl_file *file)
{
	json_newline(json);
	json_open(json, NULL, '{');
	write_branches(json, file, NULL);
	json_open(json, "expansions", '[');
	json_close(json, ']');
	json_text(json, "filename", file->disk_path);
	write_segments(json, file);
	write_summary(json, "summary", &file->totals);
	json_close(json, '}');
}

static void write_region(struct json_out *json, struct fl_position start, struct fl_position end,
	uint64_t count, uint64_t kind)
{
	const uint64_t numbers[] = {start.line, start.column, end.line, end.column, count, 0, 0, kind};
	write_numbers(json, numbers, sizeof numbers / sizeof *numbers);
}

/* Stretches of code, then the white space between, which says what a line's beginning counts. */
static void write_regions(
	struct json_out *json, const struct fl_file *file, const struct fl_function *function)
{
	for (size_t i = 0; i < file->region_count; i++) {
		const struct fl_region *region = &file->regions[i];
		if (is_within(region->start, function))
			write_region(json, region->start, region->end, region->count, CODE);
	}
	for (size_t i = 0; i + 1 < file->mark_count; i++) {
		const struct fl_mark *mark = &file->marks[i];
		if (mark->code && mark->gap && is_within(mark->start, function))
			write_region(json, mark->start, mark[1].start, mark->count, GAP);
	}
}

static void write_function(
	struct json_out *json, const struct fl_file *file, const struct fl_function *function)
{
	json_newline(json);
	json_open(json, NULL, '{');
	write_branches(json, file, function);
	json_number(json, "count", function->count);
	json_open(json, "filenames", '[');
	json_text(json, NULL, file->disk_path);
	json_close(json, ']');
	json_text(json, "name", function->linkage);
	json_open(json, "regions", '[');
	write_regions(json, file, function);
	json_close(json, ']');
	json_close(json, '}');
}

int fl_write_llvm(const struct fl_model *model, const char *path, struct fl_error *error)
{
	struct fl_output output;
	if (fl_output_open(&output, path, error))
		return -1;
	struct json_out json = {.stream = output.stream};
	json_open(&json, NULL, '{');
	json_open(&json, "data", '[');
	json_open(&json, NULL, '{');
	json_open(&json, "files", '[');
	for (size_t i = 0; i < model->file_count; i++)
		write_file(&json, &model->files[i]);
	json_close(&json, ']');
	json_open(&json, "functions", '[');
	for (size_t i = 0; i < model->file_count; i++)
		for (size_t j = 0; j < model->files[i].function_count; j++)
			if (!model->files[i].functions[j].excluded)
				write_function(&json, &model->files[i], &model->files[i].functions[j]);
	json_close(&json, ']');
	write_summary(&json, "totals", &model->totals);
	json_close(&json, '}');
	json_close(&json, ']');
	json_text(&json, "type", "llvm.coverage.json.export");
	json_text(&json, "version", "2.0.1");
	json_close(&json, '}');
	putc('\n', output.stream);
	return fl_output_close(&output, error);
}
