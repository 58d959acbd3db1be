/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * What a reader is told of each line: verdicts, text that never ran, and where the next gap begins.
 */
#include "test.h"

#include <stdio.h>
#include <unistd.h>

#include "html/judge.h"

static struct fl_source source;

static void load(const char *text, size_t length)
{
	char path[] = "/tmp/furlong-test-XXXXXX";
	int fd = mkstemp(path);
	assert_int_equal(write(fd, text, length), length);
	close(fd);
	assert_true(fl_source_load(&source, path));
	unlink(path);
}

static void check_line(uint32_t line, const char *expected)
{
	size_t length;
	const char *text = fl_source_line(&source, line, &length);
	assert_int_equal(length, strlen(expected));
	assert_memory_equal(text, expected, length);
}

static void lines_end_as_the_compiler_says(void **state)
{
	(void)state;
	load("a\nb\r\n\rd\n\ne", 10);
	assert_int_equal(source.line_count, 6);
	check_line(1, "a");
	check_line(2, "b");
	check_line(3, "");
	check_line(4, "d");
	check_line(5, "");
	check_line(6, "e");
	check_line(7, "");
	check_line(0, "");
	load("a\n", 2);
	assert_int_equal(source.line_count, 1);
	load("", 0);
	assert_int_equal(source.line_count, 0);
	load("\n", 1);
	assert_int_equal(source.line_count, 1);
}

static void what_is_not_a_file_is_missing(void **state)
{
	(void)state;
	assert_false(fl_source_load(&source, "/nowhere/at/all.c"));
	assert_false(fl_source_load(&source, "/tmp"));
	assert_false(fl_source_load(&source, "/dev/zero"));
	assert_false(fl_source_load(&source, NULL));
	assert_int_equal(source.line_count, 0);
}

/* Stains of one line as text: the bytes that never ran in brackets. */
static void check_stains(struct fl_judge *judge, uint32_t line, const char *expected)
{
	char shown[256] = "";
	size_t length, at = 0;
	const char *text = fl_source_line(&source, line, &length);
	fl_judge_line(judge, line);
	for (size_t i = 0; i < judge->stain_count; i++) {
		const struct fl_stain *stain = &judge->stains[i];
		assert_true(at <= stain->start && stain->start < stain->end && stain->end <= length);
		sprintf(shown + strlen(shown), "%.*s[%.*s]", (int)(stain->start - at), text + at,
			(int)(stain->end - stain->start), text + stain->start);
		at = stain->end;
	}
	sprintf(shown + strlen(shown), "%.*s", (int)(length - at), text + at);
	assert_string_equal(shown, expected);
}

static const char text[] = "int f(int x)\n"               /* 1 */
			   "{\n"                          /* 2 */
			   "\tif (x) {\n"                 /* 3 */
			   "\t\tg();\n"                   /* 4 */
			   "\n"                           /* 5 */
			   "\t\th(); /* é */\n"           /* 6 */
			   "\t} else { x = 1; }\n"        /* 7 */
			   "\treturn x ? 1 : -1;\n"       /* 8 */
			   "}\n"                          /* 9 */
			   "int k(void) { return 0; }\n"; /* 10 */

static struct fl_mark marks[] = {
	{{1, 1}, .code = true, .count = 5},              /* the function */
	{{3, 9}, .code = true, .count = 0},              /* { ... } */
	{{7, 3}, .code = true, .gap = true, .count = 0}, /* before else */
	{{7, 9}, .code = true, .count = 5},              /* { x = 1; } */
	{{7, 19}, .code = true, .count = 5},
	{{8, 13}, .code = true, .count = 5},
	{{8, 17}, .code = true, .count = 0}, /* -1 */
	{{8, 19}, .code = true, .count = 5},
	{{9, 2}, .code = false},
	{{10, 13}, .code = true, .count = 0},
	{{10, 1000}, .code = false},
};
static struct fl_line lines[] = {
	{1, .count = 5},
	{2, .count = 5},
	{3, .count = 5, .branches = 2, .branches_hit = 1},
	{4, .count = 0},
	{6, .count = 0},
	{7, .count = 5},
	{8, .count = 5, .branches = 2, .branches_hit = 1},
	{9, .count = 5},
	{10, .count = 0},
};
static struct fl_function functions[] = {{.name = "f", .start = {1, 1}}, {.name = "k", .start = {10, 1}}};
static struct fl_file file = {.lines = lines,
	.line_count = 9,
	.marks = marks,
	.mark_count = 11,
	.functions = functions,
	.function_count = 2};

static void text_that_never_ran_is_found_to_the_byte(void **state)
{
	(void)state;
	struct fl_judge judge = {0};
	load(text, sizeof text - 1);
	fl_judge_file(&judge, &file, &source);
	fl_judge_rewind(&judge);
	check_stains(&judge, 1, "int f(int x)");
	check_stains(&judge, 3, "\tif (x) [{]");
	check_stains(&judge, 4, "\t\t[g();]");
	check_stains(&judge, 6, "\t\t[h(); /* é */]");
	check_stains(&judge, 7, "\t[}] else { x = 1; }");
	check_stains(&judge, 8, "\treturn x ? 1 : [-1];");
	check_stains(&judge, 9, "}");
	check_stains(&judge, 10, "int k(void) [{ return 0; }]");
	fl_judge_free(&judge);
}

static void verdicts(void **state)
{
	(void)state;
	static const enum fl_verdict expected[] = {FL_VERDICT_COVERED, FL_VERDICT_COVERED, FL_VERDICT_PARTIAL,
		FL_VERDICT_MISSED, FL_VERDICT_MISSED, FL_VERDICT_COVERED /* only a brace */,
		FL_VERDICT_PARTIAL, FL_VERDICT_COVERED, FL_VERDICT_MISSED};
	struct fl_judge judge = {0};
	load(text, sizeof text - 1);
	fl_judge_file(&judge, &file, &source);
	for (size_t i = 0; i < file.line_count; i++)
		assert_int_equal(judge.verdicts[i], expected[i]);
	assert_int_equal(judge.head_count, 3);
	assert_int_equal(judge.heads[0], 3);
	assert_int_equal(judge.heads[1], 8);
	assert_int_equal(judge.heads[2], 10);
	fl_judge_free(&judge);
}

static void each_function_is_a_stop(void **state)
{
	(void)state;
	struct fl_line dead[] = {
		{1, .count = 0}, {2, .count = 0}, {10, .count = 0}, {11, .count = 0, .excluded = true}};
	struct fl_file other = {.lines = dead, .line_count = 4, .functions = functions, .function_count = 2};
	struct fl_judge judge = {0};
	fl_source_clear(&source); /* a missing source is judged by its lines */
	fl_judge_file(&judge, &other, &source);
	assert_int_equal(judge.head_count, 2);
	assert_int_equal(judge.heads[1], 10);
	assert_int_equal(judge.verdicts[3], FL_VERDICT_EXCLUDED);
	fl_judge_free(&judge);
}

static void a_semicolon_that_ran_does_not_save_a_line(void **state)
{
	(void)state;
	struct fl_mark some[] = {{{1, 2}, .code = true, .count = 0}, {{1, 7}, .code = true, .count = 3}};
	struct fl_line one[] = {{1, .count = 0}};
	struct fl_file other = {.lines = one, .line_count = 1, .marks = some, .mark_count = 2};
	struct fl_judge judge = {0};
	load("\tbreak;", 7);
	fl_judge_file(&judge, &other, &source);
	assert_int_equal(judge.verdicts[0], FL_VERDICT_MISSED);
	load("\tbreak; // x", 12);
	fl_judge_file(&judge, &other, &source);
	assert_int_equal(judge.verdicts[0], FL_VERDICT_MISSED);
	load("\tbreak; } else x();", 19);
	fl_judge_file(&judge, &other, &source);
	assert_int_equal(judge.verdicts[0], FL_VERDICT_PARTIAL);
	fl_judge_free(&judge);
}

static void marks_beyond_the_text_do_no_harm(void **state)
{
	(void)state;
	struct fl_mark wild[] = {{{1, 0}, .code = true, .count = 1}, {{1, 3}, .code = true},
		{{1, 900}, .code = true, .count = 2}, {{1, UINT32_MAX}, .code = true},
		{{UINT32_MAX, 1}, .code = true}};
	struct fl_line one[] = {{1, .count = 1}, {50, .count = 0}};
	struct fl_file other = {.lines = one, .line_count = 2, .marks = wild, .mark_count = 5};
	struct fl_judge judge = {0};
	load("aé b", 5);
	fl_judge_file(&judge, &other, &source);
	fl_judge_rewind(&judge);
	check_stains(&judge, 1, "a[é b]"); /* column 3 is the middle of é: the whole letter is meant */
	fl_judge_free(&judge);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(lines_end_as_the_compiler_says),
		cmocka_unit_test(what_is_not_a_file_is_missing),
		cmocka_unit_test(text_that_never_ran_is_found_to_the_byte),
		cmocka_unit_test(verdicts),
		cmocka_unit_test(each_function_is_a_stop),
		cmocka_unit_test(a_semicolon_that_ran_does_not_save_a_line),
		cmocka_unit_test(marks_beyond_the_text_do_no_harm),
	};
	int failed = cmocka_run_group_tests(tests, NULL, NULL);
	fl_source_free(&source);
	return failed;
}
