/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * tests.c: see tests.h.
 */
#include "model/tests.h"

#include <stdlib.h>
#include <string.h>

#include "util/memory.h"

struct fl_tests *fl_tests_new(const struct fl_model *model)
{
	struct fl_tests *tests = fl_alloc(sizeof *tests);
	tests->model = model;
	tests->arena = fl_arena_new();
	tests->first = fl_arena_array(tests->arena, model->file_count + 1, sizeof *tests->first);
	for (size_t i = 0; i < model->file_count; i++)
		tests->first[i + 1] = tests->first[i] + model->files[i].line_count;
	return tests;
}

void fl_tests_free(struct fl_tests *tests)
{
	for (size_t i = 0; i < tests->test_count; i++)
		free(tests->tests[i].sets);
	free(tests->tests);
	free(tests->sets);
	fl_arena_free(tests->arena);
	free(tests);
}

uint32_t fl_tests_line(const struct fl_tests *tests, size_t file, uint32_t line)
{
	const struct fl_file *its = &tests->model->files[file];
	const struct fl_line *found = fl_file_line(its, line);
	if (!found || found->excluded)
		return UINT32_MAX;
	return (uint32_t)(tests->first[file] + (size_t)(found - its->lines));
}

static int compare_tests(const void *left, const void *right)
{
	return strcmp(((const struct fl_test *)left)->name, ((const struct fl_test *)right)->name);
}

/* Calls visit once for each line that the test ran. `stamps` remembers in which call a line was last seen. */
struct walk {
	uint32_t *stamps, stamp;
};

typedef void visit_line(void *context, uint32_t line);

static void each_line(const struct fl_tests *tests, const struct fl_test *test, struct walk *walk,
	visit_line *visit, void *context)
{
	walk->stamp++;
	for (size_t i = 0; i < test->set_count; i++) {
		const struct fl_line_set *set = &tests->sets[test->sets[i]];
		for (size_t j = 0; j < set->count; j++) {
			if (walk->stamps[set->lines[j]] == walk->stamp)
				continue;
			walk->stamps[set->lines[j]] = walk->stamp;
			visit(context, set->lines[j]);
		}
	}
}

static size_t line_total(const struct fl_tests *tests)
{
	return tests->first[tests->model->file_count];
}

struct counting {
	uint32_t *by;
	struct fl_test *test;
};

static void count_line(void *context, uint32_t line)
{
	struct counting *counting = context;
	counting->by[line]++;
	counting->test->lines++;
}

static void count_alone(void *context, uint32_t line)
{
	struct counting *counting = context;
	counting->test->alone += counting->by[line] == 1;
}

void fl_tests_finish(struct fl_tests *tests)
{
	struct walk walk = {fl_alloc((line_total(tests) + 1) * sizeof *walk.stamps), 0};
	struct counting counting = {
		.by = fl_arena_array(tests->arena, line_total(tests) + 1, sizeof *tests->by)};
	if (tests->test_count)
		qsort(tests->tests, tests->test_count, sizeof *tests->tests, compare_tests);
	for (int pass = 0; pass < 2; pass++)
		for (size_t i = 0; i < tests->test_count; i++) {
			counting.test = &tests->tests[i];
			each_line(tests, counting.test, &walk, pass ? count_alone : count_line, &counting);
		}
	tests->by = counting.by;
	free(walk.stamps);
}

bool fl_tests_runs_any(const struct fl_tests *tests, const struct fl_test *test, const bool *marked)
{
	for (size_t i = 0; i < test->set_count; i++) {
		const struct fl_line_set *set = &tests->sets[test->sets[i]];
		for (size_t j = 0; j < set->count; j++)
			if (marked[set->lines[j]])
				return true;
	}
	return false;
}

/* ---- a small set --------------------------------------------------------------------------------------- */

struct gain {
	const bool *done; /* lines that the chosen ones run */
	size_t added;
};

static void count_gain(void *context, uint32_t line)
{
	struct gain *gain = context;
	gain->added += !gain->done[line];
}

static void take_line(void *context, uint32_t line)
{
	((bool *)context)[line] = true;
}

/* What a test may still add at most; true of the moment when it was asked. */
struct candidate {
	size_t test, bound;
};

static bool is_better(const struct fl_tests *tests, const struct candidate *a, const struct candidate *b)
{
	if (a->bound != b->bound)
		return a->bound > b->bound;
	size_t left = tests->tests[a->test].lines, right = tests->tests[b->test].lines;
	return left != right ? left < right : a->test < b->test;
}

static void sift_down(const struct fl_tests *tests, struct candidate *heap, size_t count, size_t at)
{
	for (size_t child; (child = 2 * at + 1) < count; at = child) {
		if (child + 1 < count && is_better(tests, &heap[child + 1], &heap[child]))
			child++;
		if (!is_better(tests, &heap[child], &heap[at]))
			return;
		struct candidate swap = heap[at];
		heap[at] = heap[child];
		heap[child] = swap;
	}
}

/* What a test adds only shrinks, so a bound that was found anew and is still the best is the best. */
size_t fl_tests_smallest(const struct fl_tests *tests, size_t *order, size_t *added)
{
	struct walk walk = {fl_alloc((line_total(tests) + 1) * sizeof *walk.stamps), 0};
	struct candidate *heap = fl_resize(NULL, tests->test_count + 1, sizeof *heap);
	bool *done = fl_alloc(line_total(tests) + 1);
	size_t count = tests->test_count, chosen = 0;
	for (size_t i = 0; i < count; i++)
		heap[i] = (struct candidate){i, tests->tests[i].lines};
	for (size_t i = count; i-- > 0;)
		sift_down(tests, heap, count, i);
	while (count && heap[0].bound) {
		struct gain gain = {done, 0};
		const struct fl_test *test = &tests->tests[heap[0].test];
		each_line(tests, test, &walk, count_gain, &gain);
		if (gain.added == heap[0].bound) {
			order[chosen] = heap[0].test;
			added[chosen++] = gain.added;
			each_line(tests, test, &walk, take_line, done);
			gain.added = 0;
		}
		heap[0].bound = gain.added;
		sift_down(tests, heap, count, 0);
	}
	free(walk.stamps);
	free(heap);
	free(done);
	return chosen;
}
