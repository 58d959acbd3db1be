/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * test_options.c: FURLONG_OPTIONS' grammar, its warnings, and who may set what.
 */
#include "core/print.h"
#include "unit.h"

#include "core/options.c"
#include "core/print.c"
#include "core/sys_linux.c"

static struct fl_options defaults;
static const char *to_parse;

static int reset(void **state)
{
	(void)state;
	fl_options = defaults;
	for (const char *const *name = (const char *const[]){"FURLONG_OPTIONS", "FURLONG_DATA",
		     "FURLONG_LABEL", "TSAN_OPTIONS", NULL};
		*name; name++)
		unsetenv(*name);
	return 0;
}

static void parse(void)
{
	fl_options_parse(to_parse, false);
}

static const char *said_by(const char *text)
{
	to_parse = text;
	return said_during(parse);
}

static void test_defaults(void **state)
{
	(void)state;
	assert_string_equal(fl_options.dir, "furlong-data");
	assert_true(fl_options.coverage && fl_options.windows && fl_options.gs && fl_options.fsgsbase);
	assert_false(fl_options.help);
}

static void test_separators_and_quotes(void **state)
{
	(void)state;
	assert_string_equal(said_by(" gs=0,:windows=no\tlabel='a b:c'\ndir=\"/x,y\":coverage=false"), "");
	assert_false(fl_options.gs || fl_options.windows || fl_options.coverage);
	assert_string_equal(fl_options.label, "a b:c");
	assert_string_equal(fl_options.dir, "/x,y");
}

static void test_odd_ends(void **state)
{
	(void)state;
	assert_string_equal(said_by("label="), "");
	assert_string_equal(fl_options.label, "");
	assert_string_equal(said_by("label='unclosed"), "");
	assert_string_equal(fl_options.label, "unclosed");
	assert_string_equal(said_by("dir=a=b"), "");
	assert_string_equal(fl_options.dir, "a=b");
	assert_string_equal(said_by(""), "");
	assert_string_equal(said_by(":::"), "");
	assert_string_equal(said_by("gs=0:gs"), ""); /* a bare key is true */
	assert_true(fl_options.gs);
}

static void test_unknown_names_the_nearest(void **state)
{
	(void)state;
	assert_non_null(
		strstr(said_by("lable=x"), "'lable' in FURLONG_OPTIONS; the nearest known one is 'label'"));
	assert_non_null(strstr(said_by("windws=1"), "'windows'"));
	assert_non_null(strstr(said_by("=1"), "unknown option ''"));
	assert_string_equal(fl_options.label, "");
}

static void test_bad_values(void **state)
{
	char *text = calloc(1, 3000);

	(void)state;
	assert_non_null(strstr(said_by("gs=maybe"), "option 'gs' wants 0 or 1, not 'maybe'"));
	assert_true(fl_options.gs);
	strcpy(text, "label=");
	memset(text + 6, 'x', FL_OPTIONS_TEXT_BYTES - 1);
	assert_string_equal(said_by(text), "");
	assert_int_equal(strlen(fl_options.label), FL_OPTIONS_TEXT_BYTES - 1);
	strcpy(fl_options.label, "kept");
	memset(text + 6, 'x', FL_OPTIONS_TEXT_BYTES);
	assert_non_null(strstr(said_by(text), "longer than 1023 bytes"));
	assert_string_equal(fl_options.label, "kept");
	memset(text, 'k', 2000);
	assert_non_null(strstr(said_by(text), "unknown option"));
	free(text);
}

static void test_environment_order(void **state)
{
	(void)state;
	setenv("TSAN_OPTIONS", "log_path=/from/tsan:dir=/not/theirs:history_size=7", 1);
	setenv("FURLONG_DATA", "/from/data", 1);
	setenv("FURLONG_LABEL", "from label: whole, as it is", 1);
	assert_string_equal(said_during(fl_options_init), "");
	assert_string_equal(fl_options.log_path, "/from/tsan");
	assert_string_equal(fl_options.dir, "/from/data");
	assert_string_equal(fl_options.label, "from label: whole, as it is");
	setenv("FURLONG_OPTIONS", "log_path=stderr:dir=/from/options", 1);
	assert_string_equal(said_during(fl_options_init), "");
	assert_string_equal(fl_options.log_path, "stderr");
	assert_string_equal(fl_options.dir, "/from/options");
}

static void test_help_lists_all_with_present_values(void **state)
{
	const char *said;

	(void)state;
	setenv("FURLONG_OPTIONS", "help=1:gs=0:label=now", 1);
	said = said_during(fl_options_init);
	assert_non_null(strstr(said, "gs=0 (1)"));
	assert_non_null(strstr(said, "label=now ()"));
#define OPTION_BOOL(name, value, tsan, help)   assert_non_null(strstr(said, "  " #name "="));
#define OPTION_NUMBER(name, value, tsan, help) assert_non_null(strstr(said, "  " #name "="));
#define OPTION_TEXT(name, value, tsan, help)   assert_non_null(strstr(said, "  " #name "="));
#include "core/options.def"
#undef OPTION_BOOL
#undef OPTION_NUMBER
#undef OPTION_TEXT
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(test_defaults, reset),
		cmocka_unit_test_setup(test_separators_and_quotes, reset),
		cmocka_unit_test_setup(test_odd_ends, reset),
		cmocka_unit_test_setup(test_unknown_names_the_nearest, reset),
		cmocka_unit_test_setup(test_bad_values, reset),
		cmocka_unit_test_setup(test_environment_order, reset),
		cmocka_unit_test_setup(test_help_lists_all_with_present_values, reset),
	};

	defaults = fl_options;
	return cmocka_run_group_tests(tests, NULL, NULL);
}
