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

void fl_test_marks_build(struct fl_test_marks *marks, const struct fl_tests *tests)
{
	*marks = (struct fl_test_marks){.tests = tests};
	if (!tests)
		return;
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
	free(marks->named);
}

void fl_test_lines_begin(struct fl_test_lines *lines, const struct fl_test_marks *marks, const char *path)
{
	*lines = (struct fl_test_lines){0};
	const struct fl_model *model = marks->tests ? marks->tests->model : NULL;
	for (size_t low = 0, high = model ? model->file_count : 0; low < high;) {
		size_t middle = low + (high - low) / 2;
		int order = strcmp(model->files[middle].path, path);
		if (!order) {
			*lines = (struct fl_test_lines){
				marks, &model->files[middle], marks->tests->first[middle]};
			return;
		}
		if (order < 0)
			low = middle + 1;
		else
			high = middle;
	}
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

void fl_test_list_emit(const struct fl_page *page)
{
	const struct fl_tests *tests = page->report->test_marks.tests;
	struct fl_emit *out = page->out;
	if (!tests || !tests->test_count)
		return;
	EMIT(out, "<details class=modules id=tests><summary>Tests: ");
	fl_emit_grouped(out, tests->test_count);
	EMIT(out, "</summary>\n<table class=\"list bare\">\n<caption>Tests</caption>\n<thead><tr><th "
		  "scope=col>Test"
		  "<th scope=col>Lines<th scope=col>Alone\n<tbody>\n");
	for (size_t i = 0; i < tests->test_count && i < MOST_TESTS; i++) {
		EMIT(out, "<tr><th scope=row>");
		fl_emit_string(out, tests->tests[i].name);
		EMIT(out, "<td>");
		fl_emit_grouped(out, tests->tests[i].lines);
		EMIT(out, "<td>");
		fl_emit_grouped(out, tests->tests[i].alone);
		EMIT(out, "\n");
	}
	EMIT(out, "</table>\n<p>The count of a line says which tests ran it; <code>furlong tests --for "
		  "FILE:LINE</code> names "
		  "all of them.</p></details>\n");
}
