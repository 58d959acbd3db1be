/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * test_model.c: flattening against its naive model, and what adds up to what.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "model/build.h"
#include "model/file.h"

enum { LINES = 12, COLUMNS = 10, MOST_REGIONS = 24 };

static unsigned state = 1;

static unsigned draw(unsigned limit)
{
	state = state * 1103515245u + 12345u;
	return (state >> 16) % limit;
}

static struct fl_position at(unsigned offset)
{
	return (struct fl_position){1 + offset / COLUMNS, 1 + offset % COLUMNS};
}

/* Regions nested at random inside [begin, end), outer before inner; each with a count of its own. */
static size_t nest(struct raw_region *regions, size_t count, unsigned begin, unsigned end, int depth)
{
	while (count < MOST_REGIONS && begin + 2 < end && depth < 5 && draw(4)) {
		unsigned start = begin + draw(end - begin - 2) + 1, stop = start + 1 + draw(end - start);
		if (stop > end - 1)
			stop = end - 1;
		if (stop <= start)
			break;
		regions[count++] = (struct raw_region){
			.start = at(start),
			.end_line = at(stop).line,
			.end_column = at(stop).column & FL_COLUMN_MAX,
			.kind = draw(6) ? FL_REGION_CODE : FL_REGION_SKIPPED,
			.count = count + 1,
		};
		count = nest(regions, count, start, stop, depth + 1);
		begin = stop;
	}
	return count;
}

/* The innermost region around a character is the last one that contains it. */
static const struct raw_region *innermost(
	const struct raw_region *regions, size_t count, struct fl_position place)
{
	const struct raw_region *found = NULL;
	for (size_t i = 0; i < count; i++)
		if (fl_position_compare(regions[i].start, place) <= 0 &&
			fl_position_compare(place, fl_raw_end(&regions[i])) < 0)
			found = &regions[i];
	return found;
}

static const struct segment *segment_at(const struct segments *segments, struct fl_position place)
{
	const struct segment *found = NULL;
	for (size_t i = 0; i < segments->count && fl_position_compare(segments->items[i].start, place) <= 0;
		i++)
		found = &segments->items[i];
	return found;
}

static void every_character_belongs_to_the_innermost_region(void **unused)
{
	(void)unused;
	for (int round = 0; round < 2000; round++) {
		struct raw_region regions[MOST_REGIONS];
		size_t count = nest(regions, 0, 0, LINES * COLUMNS, 0);
		struct segments segments = {0};
		fl_segments_build(&segments, regions, count);
		for (unsigned offset = 0; offset < LINES * COLUMNS; offset++) {
			const struct raw_region *region = innermost(regions, count, at(offset));
			const struct segment *segment = segment_at(&segments, at(offset));
			bool code = region && region->kind == FL_REGION_CODE;
			assert_int_equal(segment && segment->code, code);
			if (code)
				assert_int_equal(segment->count, region->count);
		}
		for (size_t i = 1; i < segments.count; i++)
			assert_true(fl_position_compare(
					    segments.items[i - 1].start, segments.items[i].start) <= 0);
		free(segments.items);
	}
}

static struct fl_span span(unsigned line, unsigned column, unsigned end_line, unsigned end_column)
{
	return (struct fl_span){{line, column}, {end_line, end_column}};
}

static size_t declare(struct fl_build *build)
{
	return fl_build_file(build, &(struct fl_source_facts){.path = "a.c", .disk_path = "/a.c"});
}

static void equal_ranges_add_up_in_any_order(void **unused)
{
	(void)unused;
	struct fl_build *build = fl_build_new();
	size_t file = declare(build);
	/* More than are kept before equal ones are combined. */
	for (unsigned i = 0; i < 100000; i++)
		fl_build_region(build, file, FL_REGION_CODE, span(1 + i % 7, 1, 1 + i % 7, 5), 1);
	for (unsigned i = 0; i < 40000; i++)
		fl_build_branch(build, file, span(1 + i % 2, 2, 1 + i % 2, 4), (uint64_t[]){1, 2},
			(bool[]){i & 2, false});
	struct fl_model *model = fl_build_finish(build, "/");
	assert_int_equal(model->file_count, 1);
	assert_int_equal(model->files[0].region_count, 7);
	uint64_t sum = 0;
	for (size_t i = 0; i < 7; i++)
		sum += model->files[0].regions[i].count;
	assert_int_equal(sum, 100000);
	assert_int_equal(model->files[0].branch_count, 2);
	assert_int_equal(model->files[0].branches[0].taken[0], 20000);
	assert_int_equal(model->files[0].branches[0].taken[1], 40000);
	assert_false(model->files[0].branches[0].folded[0]); /* not everywhere */
	fl_model_free(model);
}

static void sums_do_not_wrap(void **unused)
{
	(void)unused;
	struct fl_build *build = fl_build_new();
	size_t file = declare(build);
	fl_build_region(build, file, FL_REGION_CODE, span(1, 1, 2, 5), UINT64_MAX - 1);
	fl_build_region(build, file, FL_REGION_CODE, span(1, 1, 2, 5), 5);
	struct fl_model *model = fl_build_finish(build, "/");
	assert_true(fl_file_line(&model->files[0], 1)->count == UINT64_MAX);
	fl_model_free(model);
}

static void a_lines_count_is_the_largest_that_touches_it(void **unused)
{
	(void)unused;
	struct fl_build *build = fl_build_new();
	size_t file = declare(build);
	fl_build_region(build, file, FL_REGION_CODE, span(1, 1, 5, 2), 3);
	fl_build_region(build, file, FL_REGION_CODE, span(2, 4, 2, 8), 9); /* inside line 2 */
	fl_build_region(build, file, FL_REGION_CODE, span(3, 4, 4, 2), 1); /* begins on 3, where 3 goes on */
	fl_build_region(build, file, FL_REGION_SKIPPED, span(5, 1, 5, 1), 0);
	struct fl_model *model = fl_build_finish(build, "/");
	const uint64_t expected[] = {3, 9, 3, 1};
	for (uint32_t line = 1; line <= 4; line++)
		assert_int_equal(fl_file_line(&model->files[0], line)->count, expected[line - 1]);
	assert_null(fl_file_line(&model->files[0], 6));
	fl_model_free(model);
}

static void excluded_lines_are_shown_and_not_counted(void **unused)
{
	(void)unused;
	struct fl_build *build = fl_build_new();
	const struct fl_exclusion exclusions[] = {{FL_EXCLUDE_LINES, 2, 3}};
	size_t file = fl_build_file(build,
		&(struct fl_source_facts){
			.path = "a.c", .disk_path = "/a.c", .exclusions = exclusions, .exclusion_count = 1});
	fl_build_region(build, file, FL_REGION_CODE, span(1, 1, 4, 2), 0);
	fl_build_branch(build, file, span(2, 2, 2, 4), (uint64_t[]){0, 0}, (bool[]){false, false});
	struct fl_model *model = fl_build_finish(build, "/");
	assert_int_equal(model->files[0].line_count, 4);
	assert_true(fl_file_line(&model->files[0], 2)->excluded);
	assert_int_equal(model->totals.lines.found, 2);
	assert_int_equal(model->totals.branches.found, 0);
	fl_model_free(model);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_character_belongs_to_the_innermost_region),
		cmocka_unit_test(equal_ranges_add_up_in_any_order),
		cmocka_unit_test(sums_do_not_wrap),
		cmocka_unit_test(a_lines_count_is_the_largest_that_touches_it),
		cmocka_unit_test(excluded_lines_are_shown_and_not_counted),
	};
	return cmocka_run_group_tests_name("model", tests, NULL, NULL);
}
