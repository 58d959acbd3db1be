/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * test_util.c: paths, globs, names, digests and the cursor over untrusted bytes.
 */
#include <fnmatch.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "read/cursor.h"
#include "read/macro_names.h"
#include "read/markers.h"
#include "util/map.h"
#include "util/md5.h"
#include "util/memory.h"
#include "util/text.h"

static void paths_are_cleaned(void **unused)
{
	(void)unused;
	static const char *const cases[][3] = {
		{"/a/./b//c/", NULL, "/a/b/c"},
		{"/a/b/../c", NULL, "/a/c"},
		{"/../../a", NULL, "/a"},
		{"b/../c", "/base", "/base/c"},
		{"../../../x", "/base/d", "/x"},
		{"../x", NULL, "../x"},
		{"a/../../x", NULL, "../x"},
		{"/", NULL, "/"},
		{"/a/..", NULL, "/"},
		{"./a", "/", "/a"},
	};
	struct fl_arena *arena = fl_arena_new();
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
		assert_string_equal(fl_text_clean_path(arena, cases[i][0], cases[i][1]), cases[i][2]);
	fl_arena_free(arena);
	assert_string_equal(fl_text_below("/a/b/c", "/a"), "b/c");
	assert_string_equal(fl_text_below("/a/b", "/"), "a/b");
	assert_null(fl_text_below("/ab/c", "/a"));
	assert_null(fl_text_below("/a", "/a"));
}

static void globs_match_as_people_mean_them(void **unused)
{
	(void)unused;
	static const struct {
		const char *glob, *path;
		bool matches;
	} cases[] = {
		{"src/*", "src/a.c", true},
		{"src/*", "src/deep/a.c", true},
		{"src", "src/a.c", true},
		{"src/", "src/a.c", true},
		{"test", "src/test/a.c", true},
		{"*.h", "include/x.h", true},
		{"*/test/*", "src/test/a.c", true},
		{"/usr/*", "/usr/include/x.h", true},
		{"usr", "/usr/x.h", true},
		{"src", "srcs/a.c", false},
		{"a.c", "src/ba.c", false},
		{"/src", "src/a.c", false},
		{"src/[ab].c", "src/a.c", true},
		{"src/?.c", "src/ab.c", false},
	};
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
		if (fl_text_glob(cases[i].glob, cases[i].path) != cases[i].matches)
			fail_msg("%s against %s", cases[i].glob, cases[i].path);
}

/* All words of up to five letters of an alphabet of three, and all globs of up to four; fnmatch is the
 * oracle. */
static void spell(char *text, size_t number, const char *alphabet, size_t letters)
{
	for (; number; number = (number - 1) / letters)
		*text++ = alphabet[(number - 1) % letters];
	*text = 0;
}

/* All globs of up to four characters of nine, and all texts of up to three of five. */
static void globs_match_as_fnmatch_has_it(void **unused)
{
	(void)unused;
	for (size_t i = 0; i < 7381; i++) {
		char glob[8], text[8];
		spell(glob, i, "ac*?[]!-\\", 9);
		char last = *glob ? glob[strlen(glob) - 1] : 0;
		if (last == '\\' || (last == '-' && strchr(glob, '[')))
			continue; /* cut off: to fnmatch it matches nothing, here it is itself */
		for (size_t j = 0; j < 156; j++) {
			spell(text, j, "abc[-", 5);
			if (fl_text_match(glob, text, strlen(text)) != !fnmatch(glob, text, 0))
				fail_msg("%s against %s", glob, text);
		}
	}
	assert_true(fl_text_match("a[/.]*", "a/b", 3) && !fl_text_match("ab", "abc", 3) &&
		    fl_text_match("ab", "abc", 2));
}

static void sets_have_classes(void **unused)
{
	(void)unused;
	static const char *const names[] = {"alnum", "alpha", "blank", "cntrl", "digit", "graph", "lower",
		"print", "punct", "space", "upper", "xdigit"};
	static const char *const globs[] = {"[[:%s:]]", "[![:%s:]]", "[_[:%s:]-]", "[[:%s:]a-c]"};
	for (size_t i = 0; i < sizeof names / sizeof *names; i++)
		for (size_t j = 0; j < sizeof globs / sizeof *globs; j++)
			for (int byte = 1; byte < 256; byte++) {
				char glob[32], text[] = {(char)byte, 0};
				snprintf(glob, sizeof glob, globs[j], names[i]);
				if (fl_text_match(glob, text, 1) != !fnmatch(glob, text, 0))
					fail_msg("%s against byte %d", glob, byte);
			}
	assert_true(fl_text_glob("src/[[:upper:]]*", "src/Main.c") &&
		    !fl_text_glob("src/[[:upper:]]*", "src/main.c"));
	assert_true(fl_text_match("[[:digit:]x[:blank:]]", "x", 1) && !fl_text_match("[[:digit:]", "5", 1));
}

/* With another glob beside it, of each kind. */
static void macros_match_as_globs_do(void **unused)
{
	(void)unused;
	static const char *const beside[] = {"B?_", "*a_", "_a"};
	for (size_t i = 1; i <= 340 * 4; i++) {
		char glob[8], word[8];
		const char *other = i % 4 ? beside[i % 4 - 1] : NULL;
		spell(glob, (i + 3) / 4, "a_B*", 4);
		const struct fl_words globs = {
			.items = (const char *[]){glob, other}, .count = other ? 2 : 1};
		struct macro_names names;
		fl_macro_names_begin(&names, &globs);
		for (size_t j = 1; j <= 363; j++) {
			spell(word, j, "a_B", 3);
			bool expected = !fnmatch(glob, word, 0) || (other && !fnmatch(other, word, 0));
			if (fl_macro_names_have(&names, word, strlen(word)) != expected)
				fail_msg("%s or %s against %s", glob, other ? other : "nothing", word);
		}
	}
}

static void names_lose_what_differs_between_instances(void **unused)
{
	(void)unused;
	static const char *const cases[][2] = {
		{"int twice<int>(int)", "twice"},
		{"std::vector<int, std::allocator<int> >::push_back(int const&)", "std::vector::push_back"},
		{"bool operator< <int>(A<int> const&, A<int> const&)", "operator<"},
		{"A<int>::operator()(int)", "A::operator()"},
		{"(anonymous namespace)::f(int)", "(anonymous namespace)::f"},
		{"A<int>::operator bool() const", "A::operator bool"},
		{"main", "main"},
	};
	struct fl_arena *arena = fl_arena_new();
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
		assert_string_equal(fl_text_generic_name(arena, cases[i][0]), cases[i][1]);
	fl_arena_free(arena);
}

static void percentages_never_flatter(void **unused)
{
	(void)unused;
	char buffer[16];
	assert_string_equal(fl_text_percent(99.99, buffer), "99.9");
	assert_string_equal(fl_text_percent(0.001, buffer), "0.1");
	assert_string_equal(fl_text_percent(100, buffer), "100.0");
	assert_string_equal(fl_text_percent(0, buffer), "0.0");
}

static void the_nearest_word_is_near(void **unused)
{
	(void)unused;
	const char *const words[] = {"report", "run", "merge"};
	assert_string_equal(fl_text_nearest("reprot", words, 3), "report");
	assert_string_equal(fl_text_nearest("mrge", words, 3), "merge");
	assert_null(fl_text_nearest("banana", words, 3));
}

/* RFC 1321, appendix A.5. */
static void digests_are_the_rfcs(void **unused)
{
	(void)unused;
	static const char *const cases[][2] = {
		{"", "d41d8cd98f00b204e9800998ecf8427e"},
		{"abc", "900150983cd24fb0d6963f7d28e17f72"},
		{"12345678901234567890123456789012345678901234567890123456789012345678901234567890",
			"57edf4a22be3c955ac49da2e2107b67a"},
	};
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		unsigned char digest[FL_MD5_BYTES];
		char text[33];
		fl_md5(cases[i][0], strlen(cases[i][0]), digest);
		for (int j = 0; j < FL_MD5_BYTES; j++)
			sprintf(text + 2 * j, "%02x", digest[j]);
		assert_string_equal(text, cases[i][1]);
	}
}

static void cursors_stop_at_the_end(void **unused)
{
	(void)unused;
	static const uint8_t largest[] = {0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 1};
	static const uint8_t beyond[] = {0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 2};
	static const uint8_t cut[] = {0x80};
	struct cursor in = {largest, largest + sizeof largest, false};
	assert_true(cursor_uleb(&in) == UINT64_MAX && !in.bad);
	in = (struct cursor){beyond, beyond + sizeof beyond, false};
	assert_true(cursor_uleb(&in) == 0 && in.bad);
	in = (struct cursor){cut, cut + sizeof cut, false};
	assert_true(cursor_uleb(&in) == 0 && in.bad);
	in = (struct cursor){largest, largest + sizeof largest, false};
	assert_true(cursor_count(&in) == 0 && in.bad);
}

static void maps_keep_what_they_are_given(void **unused)
{
	(void)unused;
	struct fl_arena *arena = fl_arena_new();
	struct fl_map map;
	fl_map_init(&map, arena);
	for (size_t i = 0; i < 5000; i++)
		fl_map_put(&map, &i, sizeof i)->value = i;
	for (size_t i = 0; i < 5000; i++)
		assert_int_equal(fl_map_get(&map, &i, sizeof i)->value, i);
	assert_null(fl_map_get(&map, "absent", 6));
	assert_ptr_equal(fl_map_intern(&map, "x", 1), fl_map_intern(&map, "x", 1));
	fl_map_free(&map);
	fl_arena_free(arena);
}

static void markers_are_whole_words(void **unused)
{
	(void)unused;
	static const char text[] = "a /* LCOV_EXCL_LINE */\nMY_LCOV_EXCL_LINE\nGCOVR_EXCL_LINES\n"
				   "FURLONG_EXCL_BR_START\nx\nFURLONG_EXCL_BR_STOP\nLCOV_EXCL_STOP";
	struct fl_exclusions found = {0};
	fl_markers_scan(&found, text, sizeof text - 1);
	assert_int_equal(found.count, 2);
	assert_true(found.items[0].kind == FL_EXCLUDE_LINES && found.items[0].first == 1);
	assert_true(found.items[1].kind == FL_EXCLUDE_BRANCHES && found.items[1].first == 4 &&
		    found.items[1].last == 6);
	assert_int_equal(found.unopened, 7);
	free(found.items);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(paths_are_cleaned),
		cmocka_unit_test(globs_match_as_people_mean_them),
		cmocka_unit_test(globs_match_as_fnmatch_has_it),
		cmocka_unit_test(sets_have_classes),
		cmocka_unit_test(macros_match_as_globs_do),
		cmocka_unit_test(names_lose_what_differs_between_instances),
		cmocka_unit_test(percentages_never_flatter),
		cmocka_unit_test(the_nearest_word_is_near),
		cmocka_unit_test(digests_are_the_rfcs),
		cmocka_unit_test(cursors_stop_at_the_end),
		cmocka_unit_test(maps_keep_what_they_are_given),
		cmocka_unit_test(markers_are_whole_words),
	};
	return cmocka_run_group_tests_name("util", tests, NULL, NULL);
}
