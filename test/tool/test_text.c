/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * test_text.c: what a source's text says about its lines and bodies.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "read/text_facts.h"

static const struct fl_words folded = {.items = (const char *[]){"assert", "CHECK*"}, .count = 2};

static struct fl_text_facts scan(const char *text)
{
	struct fl_text_facts facts = {0};
	struct macro_names names;
	fl_macro_names_begin(&names, &folded);
	fl_text_facts_scan(&facts, text, strlen(text), &names);
	return facts;
}

/* `lines` has a letter for each: " " nothing, "}" punctuation, "c" code, "#" a directive, "i" an include. */
static void check_lines(const char *text, const char *lines)
{
	static const char letters[] = " }c#i";
	struct fl_text_facts facts = scan(text);
	for (uint32_t line = 1; line <= strlen(lines); line++) {
		unsigned what = line < facts.line_count ? facts.lines[line] : FL_TEXT_NONE;
		assert_int_equal(letters[what], lines[line - 1]);
	}
	fl_text_facts_free(&facts);
}

static void a_line_is_what_stands_on_it(void **unused)
{
	(void)unused;
	check_lines("int a;\n\n/* b\n c */ }\n// d\n\"e\"\n} else {\n};\n", "c  } c}}");
	check_lines("#include <a.h>\n # \tinclude \"b\" /* c */\n#define D \\\n  { d }\n#if 0\ne\n#endif\n",
		"ii###c#");
	check_lines("/*\n#include <a.h>\n*/ #include <b.h>\nchar c[] = \"\\\n#include\\\"\";", "  icc");
	check_lines("template <int n>\nvoid f()\n{\n\tn;\n}\n#embed <g>\n", "cc}c}i");
}

static void check_bodies(const char *text, size_t bodies, size_t folds)
{
	struct fl_text_facts facts = scan(text);
	assert_int_equal(facts.body_count, bodies);
	assert_int_equal(facts.fold_count, folds);
	fl_text_facts_free(&facts);
}

/* Where nothing may begin a body only words are looked at; else all is, from the start. */
static void bodies_are_found_behind_any_text(void **unused)
{
	(void)unused;
	check_bodies("void f(int *a) { assert(a[0]); CHECK_X(a++[0]); assertion(); }", 0, 2);
	check_bodies("void f(int *a) { assert(a); g([] { assert(1); }); assert(2); }", 1, 3);
	check_bodies("int i[2] = {[0] = 1, [1] = 2}; void f() { assert(i); }", 0, 1);
	check_bodies("void f() { assert(1); auto g = [=](int i) { return i; }; }", 1, 1);
	check_bodies("[[noreturn]] void f() { int a[] = {1}; a[0] = a [0]; }", 0, 0);
	check_bodies("void f() { assert(0); } template <class T> T g(T t) { return t; }", 1, 1);
	check_bodies("void f() { assert(0); } constexpr int g() { return 1; }", 1, 1);
	check_bodies("void f() { /* template <class T> */ \"constexpr\"; }", 0, 0);
	check_bodies(
		"#if 0\nassert(1) template <class T> void f() { }\n#endif\nvoid g() { assert(2); }", 0, 1);
	check_bodies("[] { }", 1, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_line_is_what_stands_on_it),
		cmocka_unit_test(bodies_are_found_behind_any_text),
	};
	return cmocka_run_group_tests_name("text", tests, NULL, NULL);
}
