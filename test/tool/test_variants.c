/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * test_variants.c: functions compiled into several shapes, beside a model that asks each shape for each
 * character by itself.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "model/build.h"

enum { LINES = 14, COLUMNS = 9, PLACES = LINES * COLUMNS, MOST = 24, VARIANTS = 4, ROUNDS = 3000 };

static unsigned state = 7;

static unsigned draw(unsigned limit)
{
	state = state * 1103515245u + 12345u;
	return (state >> 16) % limit;
}

/* No two are equal: where nothing changes a segment may be left out, and a line may so begin with what is
 * skipped (llvm-cov has it so). */
static uint64_t draw_count(void)
{
	static uint64_t last;
	return last = (last + 1 + draw(50)) % 100000;
}

/* A region as two places; characters are numbered through the lines. */
struct range {
	unsigned begin, end;
	enum fl_region_kind kind;
	uint64_t count;
};

struct body {
	struct range ranges[3 * MOST];
	size_t count;
};

/* A function: its variants, inside [begin, end). */
struct function {
	unsigned begin, end;
	struct body variants[VARIANTS];
	size_t count;
};

static struct fl_position at(unsigned place)
{
	return (struct fl_position){1 + place / COLUMNS, 1 + place % COLUMNS};
}

static void nest(struct body *body, unsigned begin, unsigned end, int depth)
{
	while (body->count < MOST && begin + 2 < end && depth < 4 && draw(4)) {
		unsigned start = begin + 1 + draw(end - begin - 2), stop = start + 1 + draw(end - start - 1);
		enum fl_region_kind kind = draw(5) ? FL_REGION_CODE : FL_REGION_SKIPPED;
		body->ranges[body->count++] = (struct range){start, stop, kind, draw_count()};
		nest(body, start, stop, depth + 1);
		begin = stop;
	}
}

/* Variants of one function: all begin at its place. None divides what `hole` covers. */
static void invent(struct function *function, unsigned begin, unsigned end, const struct function *hole)
{
	*function = (struct function){.begin = begin, .end = end, .count = 1 + draw(VARIANTS)};
	for (size_t i = 0; i < function->count; i++) {
		struct body *body = &function->variants[i];
		unsigned stop = end - (unsigned)i; /* no two are equal */
		body->ranges[body->count++] = (struct range){begin, stop, FL_REGION_CODE, draw_count()};
		nest(body, begin, stop, 1);
		size_t kept = 0;
		for (size_t j = 0; j < body->count; j++) {
			struct range range = body->ranges[j];
			if (!hole || range.end <= hole->begin || range.begin >= hole->end ||
				(range.begin < hole->begin && range.end > hole->end &&
					range.kind == FL_REGION_CODE))
				body->ranges[kept++] = range;
		}
		body->count = kept;
	}
}

static void add(struct fl_build *build, size_t file, const struct function *function)
{
	for (size_t i = 0; i < function->count; i++) {
		struct fl_region_facts facts[MOST];
		const struct body *body = &function->variants[i];
		for (size_t j = 0; j < body->count; j++)
			facts[j] = (struct fl_region_facts){body->ranges[j].kind,
				{at(body->ranges[j].begin), at(body->ranges[j].end)}, body->ranges[j].count};
		for (size_t j = 0; j < body->count; j++) { /* said in any order */
			size_t other = draw((unsigned)body->count);
			struct fl_region_facts swap = facts[j];
			facts[j] = facts[other];
			facts[other] = swap;
		}
		fl_build_body(build, file, facts, body->count, true);
	}
}

static const struct range *innermost(const struct body *body, unsigned place)
{
	const struct range *found = NULL;
	for (size_t i = 0; i < body->count; i++)
		if (body->ranges[i].begin <= place && place < body->ranges[i].end)
			found = &body->ranges[i];
	return found;
}

static bool is_code(const struct range *range)
{
	return range && range->kind == FL_REGION_CODE;
}

/* Whose text a place is: the last of the functions, outer before inner, one of whose regions is there. */
static const struct function *owner(const struct function *const *functions, unsigned place)
{
	const struct function *found = NULL;
	for (; *functions; functions++)
		for (size_t i = 0; i < (*functions)->count; i++)
			if (innermost(&(*functions)->variants[i], place))
				found = *functions;
	return found;
}

static bool expect_place(const struct function *const *functions, unsigned place, uint64_t *sum)
{
	const struct function *function = owner(functions, place);
	bool code = false;
	*sum = 0;
	for (size_t i = 0; function && i < function->count; i++) {
		const struct range *range = innermost(&function->variants[i], place);
		code |= is_code(range);
		*sum += is_code(range) ? range->count : 0;
	}
	return code;
}

/* Whether a place is text of this function; those of one variant are not told apart. */
static bool owns(const struct function *const *functions, const struct function *function, unsigned place)
{
	const struct function *found = owner(functions, place);
	return found == function || (found && found->count == 1 && function->count == 1);
}

/* What one variant says for the line that begins at `first`: the largest of what goes on from the line
 * before and what begins on it. Not code: a line that begins with what is skipped, and where none begins. */
static bool expect_variant(const struct function *const *functions, const struct function *function,
	const struct body *body, unsigned first, uint64_t *largest)
{
	const struct range *wrapped =
		first && owns(functions, function, first - 1) ? innermost(body, first - 1) : NULL;
	bool begins = false;
	*largest = is_code(wrapped) ? wrapped->count : 0;
	const struct range *leftmost = NULL;
	unsigned change = first + COLUMNS;
	for (size_t i = 0; i < body->count; i++) {
		const struct range *range = &body->ranges[i];
		if (range->begin >= first && range->begin < first + COLUMNS &&
			owns(functions, function, range->begin)) {
			begins |= is_code(range);
			if (is_code(range) && range->count > *largest)
				*largest = range->count;
			if (!leftmost || range->begin < leftmost->begin)
				leftmost = range;
		}
		if (range->end >= first && range->end < change && owns(functions, function, range->end))
			change = range->end;
	}
	bool skipped = leftmost && leftmost->begin <= change && !is_code(leftmost);
	return begins || (!skipped && is_code(wrapped));
}

static bool expect_line(const struct function *const *functions, unsigned first, uint64_t *largest)
{
	struct function pool = {.count = 1};
	bool code = false;
	*largest = 0;
	for (const struct function *const *function = functions; *function; function++) {
		const struct body *body = &(*function)->variants[0];
		for (size_t i = 0; (*function)->count == 1 && i < body->count; i++)
			pool.variants[0].ranges[pool.variants[0].count++] = body->ranges[i];
	}
	for (const struct function *const *next = functions;; next++) {
		const struct function *function = *next ? *next : &pool;
		uint64_t sum = 0, count;
		for (size_t i = 0; i < function->count && !(*next && function->count == 1); i++) {
			if (!expect_variant(functions, function, &function->variants[i], first, &count))
				continue;
			code = true;
			sum += count;
		}
		*largest = sum > *largest ? sum : *largest;
		if (!*next)
			return code;
	}
}

/* Where all text ends. A line that would begin there is none: an included file ends so. */
static unsigned end_of_all(const struct function *const *functions)
{
	unsigned end = 0;
	for (const struct function *const *next = functions; *next; next++)
		for (size_t i = 0; i < (*next)->count; i++)
			for (size_t j = 0; j < (*next)->variants[i].count; j++)
				if ((*next)->variants[i].ranges[j].end > end)
					end = (*next)->variants[i].ranges[j].end;
	return end;
}

static void check(const struct fl_file *file, const struct function *const *functions)
{
	for (unsigned place = 0; place < PLACES; place++) {
		const struct fl_mark *mark = NULL;
		struct fl_position here = at(place);
		for (size_t i = 0; i < file->mark_count; i++)
			if (file->marks[i].start.line < here.line ||
				(file->marks[i].start.line == here.line &&
					file->marks[i].start.column <= here.column))
				mark = &file->marks[i];
		uint64_t sum;
		bool code = expect_place(functions, place, &sum);
		assert_int_equal(mark && mark->code, code);
		assert_int_equal(mark ? mark->count : 0, sum);
	}
	for (unsigned line = 1; line <= LINES; line++) {
		uint64_t largest;
		unsigned first = (line - 1) * COLUMNS;
		bool code = expect_line(functions, first, &largest) && first < end_of_all(functions);
		const struct fl_line *found = fl_file_line(file, line);
		assert_int_equal(found != NULL, code);
		if (code)
			assert_int_equal(found->count, largest);
	}
}

static size_t declare(struct fl_build *build)
{
	return fl_build_file(build, &(struct fl_source_facts){.path = "a.c", .disk_path = "/a.c"});
}

static void variants_add_up_at_every_character_and_line(void **unused)
{
	(void)unused;
	for (int round = 0; round < ROUNDS; round++) {
		struct function outer, lambda, next;
		unsigned half = PLACES / 2 + draw(COLUMNS), begin = 5 + draw(half / 2);
		invent(&lambda, begin, begin + 6 + draw(half - begin - 13), NULL);
		invent(&outer, draw(4), half - 2, &lambda);
		invent(&next, half - 1 + draw(3), PLACES - 1 - draw(9), NULL);
		const struct function *const functions[] = {&outer, &lambda, &next, NULL};
		struct fl_build *build = fl_build_new();
		size_t file = declare(build);
		for (unsigned i = 0, turn = draw(3); i < 3; i++)
			add(build, file, functions[(i + turn) % 3]);
		struct fl_model *model = fl_build_finish(build, "/");
		check(&model->files[0], functions);
		fl_model_free(model);
	}
}

#define CODE(line, column, end_line, end_column, count)                                                      \
	{                                                                                                    \
		FL_REGION_CODE, {{line, column}, {end_line, end_column}}, count                              \
	}

static void regions_are_the_union_and_equal_ones_add_up(void **unused)
{
	(void)unused;
	struct fl_build *build = fl_build_new();
	size_t file = declare(build);
	const struct fl_region_facts debug[] = {
		CODE(1, 1, 9, 2, 3), CODE(2, 1, 4, 2, 2), CODE(6, 1, 7, 2, 1)};
	const struct fl_region_facts release[] = {CODE(1, 1, 9, 2, 40), CODE(6, 1, 7, 2, 30)};
	fl_build_body(build, file, debug, 3, true);
	fl_build_body(build, file, release, 2, true);
	fl_build_body(build, file, release, 2, true); /* another binary with the same code */
	struct fl_model *model = fl_build_finish(build, "/");
	const struct fl_file *done = &model->files[0];
	assert_int_equal(done->region_count, 3);
	assert_int_equal(done->regions[0].count, 83);
	assert_int_equal(done->regions[1].count, 2);
	assert_int_equal(done->regions[2].count, 61);
	assert_int_equal(fl_file_line(done, 1)->count, 83);
	assert_int_equal(fl_file_line(done, 3)->count, 82); /* 2 and 2 times 40 */
	assert_int_equal(fl_file_line(done, 6)->count, 83); /* the function goes on up to here */
	assert_int_equal(fl_file_line(done, 7)->count, 61);
	assert_int_equal(fl_file_line(done, 8)->count, 83);
	fl_model_free(model);
}

/* The lambda resumes with the very count that the region around it has, so that only whose text it is
 * changes. */
static void after_a_lambda_the_variants_go_on(void **unused)
{
	(void)unused;
	struct fl_build *build = fl_build_new();
	size_t file = declare(build);
	const struct fl_region_facts a[] = {CODE(1, 1, 9, 2, 3), CODE(2, 1, 8, 1, 7)};
	const struct fl_region_facts b[] = {CODE(1, 1, 9, 2, 4)};
	const struct fl_region_facts lambda[] = {CODE(3, 1, 6, 2, 7), CODE(4, 1, 4, 5, 1)};
	fl_build_body(build, file, a, 2, true);
	fl_build_body(build, file, b, 1, true);
	fl_build_body(build, file, lambda, 2, true);
	struct fl_model *model = fl_build_finish(build, "/");
	assert_int_equal(fl_file_line(&model->files[0], 5)->count, 7);
	assert_int_equal(fl_file_line(&model->files[0], 7)->count, 11);
	fl_model_free(model);
}

/* Of regions that begin at one place the innermost speaks, whoever's it is. */
static void what_another_function_covers_is_not_ours(void **unused)
{
	(void)unused;
	struct fl_build *build = fl_build_new();
	size_t file = declare(build);
	const struct fl_region_facts a[] = {CODE(1, 1, 9, 2, 3), CODE(3, 5, 3, 20, 50)};
	const struct fl_region_facts b[] = {CODE(1, 1, 9, 2, 4), CODE(3, 5, 3, 20, 60), CODE(7, 1, 8, 1, 1)};
	const struct fl_region_facts other[] = {CODE(3, 5, 3, 9, 2)};
	fl_build_body(build, file, a, 2, true);
	fl_build_body(build, file, b, 3, true);
	fl_build_body(build, file, other, 1, true);
	struct fl_model *model = fl_build_finish(build, "/");
	assert_int_equal(fl_file_line(&model->files[0], 3)->count, 7);
	fl_model_free(model);
}

static void what_was_never_emitted_has_no_say(void **unused)
{
	(void)unused;
	struct fl_build *build = fl_build_new();
	size_t file = declare(build);
	const struct fl_region_facts emitted[] = {
		CODE(1, 1, 9, 2, 3), {FL_REGION_SKIPPED, {{3, 1}, {6, 1}}, 0}, CODE(7, 1, 7, 9, 1)};
	const struct fl_region_facts other[] = {
		CODE(1, 1, 9, 2, 5), {FL_REGION_SKIPPED, {{3, 1}, {6, 1}}, 0}};
	const struct fl_region_facts mentioned[] = {CODE(1, 1, 9, 2, 0)};
	fl_build_body(build, file, mentioned, 1, false);
	fl_build_body(build, file, emitted, 3, true);
	fl_build_body(build, file, other, 2, true);
	struct fl_model *model = fl_build_finish(build, "/");
	assert_int_equal(fl_file_line(&model->files[0], 2)->count, 8);
	assert_null(fl_file_line(&model->files[0], 4));
	assert_int_equal(fl_file_line(&model->files[0], 7)->count, 8);
	fl_model_free(model);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(variants_add_up_at_every_character_and_line),
		cmocka_unit_test(regions_are_the_union_and_equal_ones_add_up),
		cmocka_unit_test(after_a_lambda_the_variants_go_on),
		cmocka_unit_test(what_another_function_covers_is_not_ours),
		cmocka_unit_test(what_was_never_emitted_has_no_say),
	};
	return cmocka_run_group_tests_name("variants", tests, NULL, NULL);
}
