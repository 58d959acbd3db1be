/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * test_marks.c: see test_marks.h.
 */
#include "test_marks.h"

#include <stdlib.h>
#include <string.h>

#include "page.h"
#include "util/memory.h"

enum { MOST_TESTS = 200 };

static void add(struct fl_test_marks *marks, uint32_t line, uint32_t test)
{
	uint32_t *named = marks->named + (size_t)line * FL_TEST_MARKS_NAMED;
	for (size_t i = 0; i < FL_TEST_MARKS_NAMED && named[i] != test; i++)
		if (named[i] == UINT32_MAX) {
			named[i] = test;
			return;
		}
}

/* ---- what a test ran of each file ------------------------------------------------------------------------
 */

struct parting {
	const struct fl_tests *tests;
	uint32_t *seen;             /* of each line, the last test that ran it, from 1 */
	struct fl_test_part *parts; /* of each file, what the test at hand ran */
	uint32_t *touched;          /* files */
	size_t touched_count;
	size_t file; /* that the last line was of */
};

static size_t file_of(struct parting *parting, uint32_t line)
{
	const size_t *first = parting->tests->first;
	if (line >= first[parting->file] && line < first[parting->file + 1])
		return parting->file;
	size_t low = 0, high = parting->tests->model->file_count;
	while (low + 1 < high) {
		size_t middle = low + (high - low) / 2;
		if (first[middle] <= line)
			low = middle;
		else
			high = middle;
	}
	return parting->file = low;
}

static void part_line(struct parting *parting, uint32_t line, uint32_t test)
{
	if (parting->seen[line] == test + 1)
		return;
	parting->seen[line] = test + 1;
	size_t file = file_of(parting, line);
	struct fl_test_part *part = &parting->parts[file];
	if (!part->lines++)
		parting->touched[parting->touched_count++] = (uint32_t)file;
	part->test = test;
	part->alone += parting->tests->by[line] == 1;
}

/* Into the file's list; when that is full, instead of the one that ran least. */
static void keep_part(struct fl_test_parts *parts, const struct fl_test_part *part)
{
	parts->tests++;
	if (parts->count < FL_TEST_MARKS_LISTED) {
		if (!(parts->count & (parts->count - 1)))
			parts->items = fl_resize(parts->items, 2 * parts->count + 1, sizeof *parts->items);
		parts->items[parts->count++] = *part;
		return;
	}
	struct fl_test_part *least = parts->items;
	for (uint32_t i = 1; i < parts->count; i++)
		if (parts->items[i].lines < least->lines)
			least = &parts->items[i];
	if (part->lines > least->lines)
		*least = *part;
}

static int compare_parts(const void *left, const void *right)
{
	const struct fl_test_part *a = left, *b = right;
	if (a->lines != b->lines)
		return a->lines > b->lines ? -1 : 1;
	return a->test < b->test ? -1 : a->test > b->test;
}

static void build_parts(struct fl_test_marks *marks, const struct fl_tests *tests)
{
	size_t files = tests->model->file_count, lines = tests->first[files];
	struct parting parting = {.tests = tests};
	marks->parts = fl_alloc((files + 1) * sizeof *marks->parts);
	parting.seen = fl_alloc((lines + 1) * sizeof *parting.seen);
	parting.parts = fl_alloc((files + 1) * sizeof *parting.parts);
	parting.touched = fl_alloc((files + 1) * sizeof *parting.touched);
	for (uint32_t i = 0; i < tests->test_count; i++) {
		for (size_t j = 0; j < tests->tests[i].set_count; j++) {
			const struct fl_line_set *set = &tests->sets[tests->tests[i].sets[j]];
			for (size_t k = 0; k < set->count; k++)
				part_line(&parting, set->lines[k], i);
		}
		while (parting.touched_count) {
			uint32_t file = parting.touched[--parting.touched_count];
			keep_part(&marks->parts[file], &parting.parts[file]);
			parting.parts[file] = (struct fl_test_part){0};
		}
	}
	for (size_t i = 0; i < files; i++)
		if (marks->parts[i].count)
			qsort(marks->parts[i].items, marks->parts[i].count, sizeof *marks->parts[i].items,
				compare_parts);
	free(parting.seen);
	free(parting.parts);
	free(parting.touched);
}

void fl_test_marks_build(struct fl_test_marks *marks, const struct fl_tests *tests)
{
	*marks = (struct fl_test_marks){.tests = tests};
	if (!tests)
		return;
	build_parts(marks, tests);
	size_t places = tests->first[tests->model->file_count] * FL_TEST_MARKS_NAMED;
	marks->named = fl_resize(NULL, places + 1, sizeof *marks->named);
	memset(marks->named, 0xff, places * sizeof *marks->named);
	for (uint32_t i = 0; i < tests->test_count; i++)
		for (size_t j = 0; j < tests->tests[i].set_count; j++) {
			const struct fl_line_set *set = &tests->sets[tests->tests[i].sets[j]];
			for (size_t k = 0; k < set->count; k++)
				add(marks, set->lines[k], i);
		}
}

void fl_test_marks_free(struct fl_test_marks *marks)
{
	for (size_t i = 0; marks->parts && i < marks->tests->model->file_count; i++)
		free(marks->parts[i].items);
	free(marks->parts);
	free(marks->named);
}

/* The file's index in the model of the tests; SIZE_MAX: they know no such file. */
static size_t find_file(const struct fl_test_marks *marks, const char *path)
{
	const struct fl_model *model = marks->tests ? marks->tests->model : NULL;
	for (size_t low = 0, high = model ? model->file_count : 0; low < high;) {
		size_t middle = low + (high - low) / 2;
		int order = strcmp(model->files[middle].path, path);
		if (!order)
			return middle;
		if (order < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return SIZE_MAX;
}

void fl_test_lines_begin(struct fl_test_lines *lines, const struct fl_test_marks *marks, const char *path)
{
	size_t file = find_file(marks, path);
	*lines = (struct fl_test_lines){0};
	if (file != SIZE_MAX)
		*lines = (struct fl_test_lines){
			marks, &marks->tests->model->files[file], marks->tests->first[file]};
}

uint32_t fl_test_lines_count(const struct fl_test_lines *lines, size_t index)
{
	return lines->marks && !lines->file->lines[index].excluded
		       ? lines->marks->tests->by[lines->first + index]
		       : 0;
}

void fl_test_lines_emit(const struct fl_test_lines *lines, struct fl_emit *out, size_t index)
{
	uint32_t count = fl_test_lines_count(lines, index), shown = 0;
	if (!count)
		return;
	const uint32_t *named = lines->marks->named + (lines->first + index) * FL_TEST_MARKS_NAMED;
	EMIT(out, "by ");
	fl_emit_grouped(out, count);
	fl_emit_string(out, count == 1 ? " test: " : " tests: ");
	for (; shown < FL_TEST_MARKS_NAMED && named[shown] != UINT32_MAX; shown++) {
		fl_emit_string(out, shown ? ", " : "");
		fl_emit_string(out, lines->marks->tests->tests[named[shown]].name);
	}
	if (count > shown) {
		EMIT(out, " and ");
		fl_emit_grouped(out, count - shown);
		EMIT(out, " more");
	}
}

static void emit_row(struct fl_emit *out, const char *name, uint64_t lines, uint64_t alone)
{
	EMIT(out, "<tr><th scope=row>");
	fl_emit_string(out, name);
	EMIT(out, "<td>");
	fl_emit_grouped(out, lines);
	EMIT(out, "<td>");
	fl_emit_grouped(out, alone);
}

/* The lines of the file that the test ran, as ranges that leave out no line of code: "3-9 12". */
static void emit_where(struct fl_emit *out, const struct fl_tests *tests, uint32_t test, size_t file)
{
	const struct fl_file *of = &tests->model->files[file];
	size_t first = tests->first[file], end = tests->first[file + 1];
	bool *ran = fl_alloc(of->line_count + 1);
	for (size_t i = 0; i < tests->tests[test].set_count; i++) {
		const struct fl_line_set *set = &tests->sets[tests->tests[test].sets[i]];
		if (!set->count || set->lines[0] >= end || set->lines[set->count - 1] < first)
			continue;
		for (size_t j = 0; j < set->count; j++)
			if (set->lines[j] >= first && set->lines[j] < end)
				ran[set->lines[j] - first] = true;
	}
	EMIT(out, "<td class=where>");
	for (size_t i = 0, next; i < of->line_count; i = next + 1) {
		for (next = i; ran[next]; next++)
			;
		if (next == i)
			continue;
		fl_emit_number(out, of->lines[i].line);
		if (next > i + 1) {
			EMIT(out, "-");
			fl_emit_number(out, of->lines[next - 1].line);
		}
		EMIT(out, " ");
	}
	free(ran);
}

static void begin_rows(struct fl_emit *out, const char *more)
{
	EMIT(out, "</summary>\n<table class=\"list bare\">\n<caption>Tests</caption>\n<thead><tr><th "
		  "scope=col>Test<th scope=col>Lines<th scope=col>No other runs");
	fl_emit_bytes(out, more, strlen(more));
	EMIT(out, "\n<tbody>\n");
}

void fl_test_parts_emit(const struct fl_test_marks *marks, struct fl_emit *out, const char *path)
{
	size_t file = find_file(marks, path);
	const struct fl_test_parts *parts = file == SIZE_MAX ? NULL : &marks->parts[file];
	if (!parts || !parts->count)
		return;
	EMIT(out, "<details class=functions id=ran><summary>Run by ");
	fl_emit_grouped(out, parts->tests);
	fl_emit_string(out, parts->tests == 1 ? " test" : " tests");
	begin_rows(out, "<th scope=col>Which");
	for (uint32_t i = 0; i < parts->count; i++) {
		const struct fl_test_part *part = &parts->items[i];
		emit_row(out, marks->tests->tests[part->test].name, part->lines, part->alone);
		emit_where(out, marks->tests, part->test, file);
		EMIT(out, "\n");
	}
	EMIT(out, "</table>\n<p>");
	if (parts->tests > parts->count) {
		EMIT(out, "And ");
		fl_emit_grouped(out, parts->tests - parts->count);
		EMIT(out, " that ran fewer lines. ");
	}
	EMIT(out, "Point at the count of a line, or click it, to see which of them ran it.</p></details>\n");
}

void fl_test_way_emit(const struct fl_page *page)
{
	const struct fl_tests *tests = page->report->test_marks.tests;
	if (!tests || !tests->test_count)
		return;
	EMIT(page->out, " <a href=#tests>");
	fl_emit_grouped(page->out, tests->test_count);
	fl_emit_string(page->out, tests->test_count == 1 ? " test" : " tests");
	EMIT(page->out, "</a>");
}

void fl_test_list_emit(const struct fl_page *page)
{
	const struct fl_tests *tests = page->report->test_marks.tests;
	struct fl_emit *out = page->out;
	if (!tests || !tests->test_count)
		return;
	EMIT(out, "<details class=modules id=tests><summary>Tests: ");
	fl_emit_grouped(out, tests->test_count);
	begin_rows(out, "");
	for (size_t i = 0; i < tests->test_count && i < MOST_TESTS; i++) {
		emit_row(out, tests->tests[i].name, tests->tests[i].lines, tests->tests[i].alone);
		EMIT(out, "\n");
	}
	EMIT(out, "</table>\n<p>The count of a line says which tests ran it; <code>furlong tests --for "
		  "FILE:LINE</code> names "
		  "all of them.</p></details>\n");
}
