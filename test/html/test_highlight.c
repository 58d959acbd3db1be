/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * What is a comment, a string, a keyword, a directive. Each expectation is the line again with a letter under
 * each byte: k c s d, or a dot for plain text; written by hand from the standards' grammar.
 */
#include "test.h"

#include "html/highlight.h"

struct sample {
	const char *line, *kinds;
};

static void check(enum fl_language language, const struct sample *samples, size_t count)
{
	static const char letters[] = ".kcsd";
	struct fl_highlight state;
	fl_highlight_init(&state, language);
	for (size_t i = 0; i < count; i++) {
		size_t length = strlen(samples[i].line);
		char kinds[256] = "";
		enum fl_token kind;
		fl_highlight_line(&state, samples[i].line, length);
		for (size_t at = 0, end; at < length; at = end) {
			end = fl_highlight_run(&state, samples[i].line, length, at, &kind);
			assert_true(end > at && end <= length);
			memset(kinds + at, letters[kind], end - at);
		}
		assert_string_equal(kinds, samples[i].kinds);
	}
}
#define CHECK(language, ...)                                                                                 \
	check(language, (struct sample[]){__VA_ARGS__},                                                      \
		sizeof((struct sample[]){__VA_ARGS__}) / sizeof(struct sample))

static void keywords(void **state)
{
	(void)state;
	CHECK(FL_LANGUAGE_C, {"static int x = intx;", "kkkkkkkkkk.........."},
		{"return_ returns", "..............."}, {"class new this", ".............."},
		{"  if(x)", "..kk..."});
	CHECK(FL_LANGUAGE_CXX, {"class A; new this", "kkkkk....kkkkkkkk"});
	CHECK(FL_LANGUAGE_NONE, {"int \"x\" /* */", "............."});
}

static void comments(void **state)
{
	(void)state;
	CHECK(FL_LANGUAGE_C, {"a /* b */ c", "..ccccccc.."}, {"/* int", "cccccc"}, {"\"if\" //", "ccccccc"},
		{"*/ if", "cc.kk"}, {"x // y /*", "..ccccccc"}, {"z", "."}, {"/**/x", "cccc."},
		{"/*/ x", "ccccc"}, {"*/x", "cc."}, {"// a \\", "cccccc"}, {"int", "ccc"}, {"int", "kkk"},
		{"a / b", "....."}, {"x //", "..cc"});
}

static void strings(void **state)
{
	(void)state;
	CHECK(FL_LANGUAGE_C, {"f(\"a\\\"b\", 'c')", "..ssssss..sss."}, {"'\"' if '\\''", "sss.kk.ssss"},
		{"\"open", "sssss"}, {"int", "kkk"}, {"\"go \\", "sssss"}, {"on\" int", "sss.kkk"},
		{"L\"a\" u8\"b\" xL\"c\"", "ssss.sssss...sss"}, {"\"/* no */\" x", "ssssssssss.."},
		{"\"\\", "ss"}, {"\" x", "s.."});
}

static void raw_strings(void **state)
{
	(void)state;
	CHECK(FL_LANGUAGE_CXX, {"R\"(a\"b)\" x", "ssssssss.."}, {"u8R\"xy(a)\" if", "sssssssssssss"},
		{")y\" int", "sssssss"}, {")xy\" int", "ssss.kkk"}, {"R\"a b\" if", "ssssss.kk"},
		{"LR\"(", "ssss"}, {"\\", "s"}, {"// )\" if", "sssss.kk"});
}

static void numbers(void **state)
{
	(void)state;
	CHECK(FL_LANGUAGE_CXX, {"1'000'000 + 'a'", "............sss"}, {"0x1'f if", "......kk"},
		{"1e+5 .5f int", ".........kkk"});
}

static void directives(void **state)
{
	(void)state;
	CHECK(FL_LANGUAGE_C, {"#include <stdio.h>", "dddddddd.sssssssss"},
		{"  # define F(x) int \\", "..dddddddd......kkk.."}, {"  # x", "....."},
		{"# if a < b > c", "dddd.........."}, {"a # b", "....."}, {"#", "d"},
		{"#error don't", "dddddd....ss"}, {"int", "kkk"},
		{"#include \"a.h\" // x", "dddddddd.sssss.cccc"});
}

/* Any bytes at all: runs advance, stay within the line, and cover it. */
static void any_bytes(void **state)
{
	(void)state;
	static const char alphabet[] = "\"'\\/*#<>R()aL1.u8 \t\xc3\xff\1";
	struct fl_highlight highlight;
	uint32_t seed = 12345;
	fl_highlight_init(&highlight, FL_LANGUAGE_CXX);
	for (int i = 0; i < 200000; i++) {
		char line[24];
		size_t length = 0;
		for (seed = seed * 1664525 + 1013904223; length < (seed >> 27) % sizeof line; length++) {
			seed = seed * 1664525 + 1013904223;
			line[length] = alphabet[(seed >> 16) % (sizeof alphabet - 1)];
		}
		char *exact =
			memcpy(malloc(length + 1), line, length); /* so that a sanitizer sees an overrun */
		exact = realloc(exact, length ? length : 1);
		enum fl_token kind;
		fl_highlight_line(&highlight, exact, length);
		for (size_t at = 0, end; at < length; at = end) {
			end = fl_highlight_run(&highlight, exact, length, at, &kind);
			assert_true(end > at && end <= length);
		}
		free(exact);
	}
}

static void languages(void **state)
{
	(void)state;
	assert_int_equal(fl_highlight_language("a/b.c", true), FL_LANGUAGE_C);
	assert_int_equal(fl_highlight_language("a/b.h", true), FL_LANGUAGE_CXX);
	assert_int_equal(fl_highlight_language("a/b.h", false), FL_LANGUAGE_C);
	assert_int_equal(fl_highlight_language("a.c/b.cpp", false), FL_LANGUAGE_CXX);
	assert_int_equal(fl_highlight_language("b.C", false), FL_LANGUAGE_CXX);
	assert_int_equal(fl_highlight_language("b.rs", false), FL_LANGUAGE_NONE);
	assert_int_equal(fl_highlight_language("include/vector", true), FL_LANGUAGE_CXX);
	assert_int_equal(fl_highlight_language("a.verylongextension", true), FL_LANGUAGE_CXX);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(keywords),
		cmocka_unit_test(comments),
		cmocka_unit_test(strings),
		cmocka_unit_test(raw_strings),
		cmocka_unit_test(numbers),
		cmocka_unit_test(directives),
		cmocka_unit_test(any_bytes),
		cmocka_unit_test(languages),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
