/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * Which text of a line is underlined for its conditions, and what it says of them.
 */
#include "test.h"

#include <stdio.h>

#include "html/condition.h"
#include "html/emit.h"

static struct fl_emit out;

/* One line, 40 columns wide, with these conditions on line 5. */
static struct fl_branch at(uint32_t start, uint32_t end, uint64_t truths, uint64_t falses)
{
	return (struct fl_branch){.start = {5, start}, .end = {5, end}, .taken = {falses, truths}};
}

static struct fl_branch in_macro(struct fl_branch branch, const char *path, uint32_t line, uint32_t column)
{
	branch.macro = path;
	branch.in_macro = branch.in_macro_end = (struct fl_position){line, column};
	branch.in_macro_end.column++;
	return branch;
}

/* All underlined texts of the line: `start-end tag`, one to a line. */
static void check(struct fl_branch *branches, size_t count, const char *expected)
{
	char shown[1024] = "";
	struct fl_file file = {.path = "a.c", .branches = branches, .branch_count = count};
	size_t index = 0, place = 0;
	for (;;) {
		struct fl_condition found = fl_condition_next(&file, &index, 5, place, 40);
		if (!found.count)
			break;
		assert_true(place <= found.start && found.start < found.end && found.end <= 40);
		fl_condition_emit_start(&out, &found);
		sprintf(shown + strlen(shown), "%zu-%zu %.*s|", found.start, found.end, (int)out.used,
			out.data);
		out.used = 0;
		place = found.end;
	}
	assert_string_equal(shown, expected);
}

static void a_condition_says_what_it_never_was(void **state)
{
	(void)state;
	struct fl_branch both = at(4, 9, 1, 2), never_true = at(4, 9, 0, 2), never_false = at(4, 9, 12345, 0);
	check(&both, 1, "");
	check(&never_true, 1, "3-8 <em class=t title=\"never true, false 2×\">|");
	check(&never_false, 1, "3-8 <em class=f title=\"true 12\u202f345×, never false\">|");
	struct fl_branch constant = never_false, excluded = never_true, unreached = at(4, 9, 0, 0);
	constant.folded[0] = excluded.excluded = true;
	check(&constant, 1, "");
	check(&excluded, 1, "");
	check(&unreached, 1, ""); /* that is text that never ran */
}

static void a_use_of_a_macro_says_how_many_are_missing(void **state)
{
	(void)state;
	struct fl_branch two[] = {
		in_macro(at(4, 9, 3, 0), "a.c", 1, 19), in_macro(at(4, 9, 0, 0), "<h>.h", 2, 7)};
	check(two, 2, "3-8 <em data-n=\"3 of 4\" title=\"3 of 4 outcomes in this macro never came\">|");
	check(two, 1, "3-8 <em class=f title=\"1 of 2 outcomes in this macro never came\">|");
	check(two + 1, 1, "");
	two[0].taken[0] = 1;
	two[1].taken[0] = two[1].taken[1] = 1;
	check(two, 2, "");
}

static void each_text_is_marked_once(void **state)
{
	(void)state;
	struct fl_branch row[] = {
		at(1, 9, 1, 0), at(4, 6, 0, 1), at(9, 12, 0, 1), at(9, 12, 1, 1), at(30, 90, 0, 1)};
	check(row, 5,
		"0-8 <em class=f title=\"true 1×, never false\">|"
		"8-11 <em data-n=\"1 of 4\" title=\"1 of 4 outcomes never came:\nnever true, false "
		"1×\ntrue 1×, "
		"false 1×\">|"
		"29-40 <em class=t title=\"never true, false 1×\">|");
	row[4].end = (struct fl_position){7, 2}; /* on a later line */
	check(row + 4, 1, "29-40 <em class=t title=\"never true, false 1×\">|");
	row[4].start.column = 41; /* beyond the text */
	check(row + 4, 1, "");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_condition_says_what_it_never_was),
		cmocka_unit_test(a_use_of_a_macro_says_how_many_are_missing),
		cmocka_unit_test(each_text_is_marked_once),
	};
	fl_emit_init(&out);
	int failed = cmocka_run_group_tests(tests, NULL, NULL);
	fl_emit_free(&out);
	return failed;
}
