/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * test_marks.h: which tests ran a line, as its page says it: some by name, and how many.
 */
#ifndef FURLONG_HTML_TEST_MARKS_H
#define FURLONG_HTML_TEST_MARKS_H

#include <stdint.h>

#include "model/tests.h"

struct fl_emit;
struct fl_page;

enum {
	FL_TEST_MARKS_NAMED = 4,    /* tests that a line names */
	FL_TEST_MARKS_LISTED = 200, /* tests that a file lists, with their lines */
};

/* What one test ran of one file. */
struct fl_test_part {
	uint32_t test, lines, alone;
};

struct fl_test_marks {
	const struct fl_tests *tests; /* NULL: none are known */
	uint32_t *named;              /* of each line, up to FL_TEST_MARKS_NAMED tests; then UINT32_MAX */
	struct fl_test_parts {
		struct fl_test_part *items; /* of those that ran most, up to FL_TEST_MARKS_LISTED */
		uint32_t count, tests;      /* items; all tests that ran something of the file */
	} * parts;                          /* of each file */
};

void fl_test_marks_build(struct fl_test_marks *marks, const struct fl_tests *tests);
void fl_test_marks_free(struct fl_test_marks *marks);

/* What is to be said of the lines of a file; NULL: no test is known. */
struct fl_test_lines {
	const struct fl_test_marks *marks;
	const struct fl_file *file;
	size_t first; /* number of its first line of code */
};
void fl_test_lines_begin(struct fl_test_lines *lines, const struct fl_test_marks *marks, const char *path);
/* "by 6 tests: a, b, c, d and 2 more", within an attribute; nothing when none ran it. `index` is into
 * file->lines. */
void fl_test_lines_emit(const struct fl_test_lines *lines, struct fl_emit *out, size_t index);
uint32_t fl_test_lines_count(const struct fl_test_lines *lines, size_t index);
/* The list of the tests that ran something of the file; nothing when none is known. */
void fl_test_parts_emit(const struct fl_test_marks *marks, struct fl_emit *out, const char *path);

/* The overview's list of tests. */
void fl_test_list_emit(const struct fl_page *page);
/* `197 tests`, the way to that list. */
void fl_test_way_emit(const struct fl_page *page);

#endif
