/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * tests.h: which test ran which lines. Pure: no I/O.
 *
 * Lines of code have a number across all files. What a test ran of one function is a *set* of lines; tests
 * share sets, because most of them run most functions alike, so ten thousand tests take little room.
 */
#ifndef FURLONG_MODEL_TESTS_H
#define FURLONG_MODEL_TESTS_H

#include "model/model.h"

struct fl_line_set {
	uint32_t *lines; /* numbers; sorted */
	size_t count;
};

struct fl_test {
	const char *name;
	uint32_t *sets;
	size_t set_count, set_capacity;
	size_t lines; /* that it ran */
	size_t alone; /* that no other test ran */
};

struct fl_tests {
	const struct fl_model *model; /* that the numbers speak of */
	struct fl_arena *arena;
	size_t *first;         /* number of each file's first line of code; of all at the end */
	struct fl_test *tests; /* sorted by name */
	size_t test_count, test_capacity;
	struct fl_line_set *sets;
	size_t set_count, set_capacity;
	uint32_t *by; /* of each line, how many tests ran it */
};

struct fl_tests *fl_tests_new(const struct fl_model *model);
void fl_tests_free(struct fl_tests *tests);
/* The number of a line of code that is not excluded; UINT32_MAX: it is none. */
uint32_t fl_tests_line(const struct fl_tests *tests, size_t file, uint32_t line);
/* When all sets are there: sorts and counts. */
void fl_tests_finish(struct fl_tests *tests);

/* Whether the test ran any of the lines that are marked, by number. */
bool fl_tests_runs_any(const struct fl_tests *tests, const struct fl_test *test, const bool *marked);
/* Tests that together run all that all run, each of which was chosen because it added most (ties: the fewest
 * lines in all). Writes their indexes and what each added to order[] and added[], of test_count places;
 * returns how many. */
size_t fl_tests_smallest(const struct fl_tests *tests, size_t *order, size_t *added);

#endif
