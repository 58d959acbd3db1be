/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * test_print.c: our own formatting against the C library's; messages go where they should and nowhere else.
 */
#include "core/print.h"
#include "unit.h"

#include "core/options.c"
#include "core/print.c"
#include "core/sys_linux.c"

#include <limits.h>

#define SAME(...)                                                                                            \
	do {                                                                                                 \
		char ours[200], theirs[200];                                                                 \
		size_t n = fl_print_to(ours, sizeof(ours), __VA_ARGS__);                                     \
		assert_int_equal(n, snprintf(theirs, sizeof(theirs), __VA_ARGS__));                          \
		assert_string_equal(ours, theirs);                                                           \
	} while (0)

static void test_same_as_snprintf(void **state)
{
	(void)state;
	SAME("plain");
	SAME("%s|%10s|%-10s|%.*s", "abc", "abc", "abc", 2, "abc");
	SAME("%c%%%c", 'x', 'y');
	SAME("%d %d %d %d", 0, -1, INT_MAX, INT_MIN);
	SAME("%ld %ld %lld", LONG_MAX, LONG_MIN, LLONG_MIN);
	SAME("%u %lu %zu %ju", UINT_MAX, ULONG_MAX, SIZE_MAX, UINTMAX_MAX);
	SAME("%x %lx %08x %016lx", 0xbeefu, 0xdeadbeefcafeul, 0x12u, 0x34ul);
	SAME("%5d|%-5d|%05d|%5u|%-5u|", -42, -42, -42, 42u, 42u);
	SAME("%p", (void *)0x1234);
	SAME("%2d|%1s", 12345, "longer");
}

static void test_truncates(void **state)
{
	char buf[8];

	(void)state;
	memset(buf, '#', sizeof(buf));
	assert_int_equal(fl_print_to(buf, 5, "%s", "abcdefgh"), 8);
	assert_memory_equal(buf, "abcd\0###", 8);
	assert_int_equal(fl_print_to(buf, 1, "%d", 77), 2);
	assert_int_equal(buf[0], 0);
	assert_int_equal(fl_print_to(NULL, 0, "%d", 777), 3);
}

static void test_null_string(void **state)
{
	char buf[20];
	const char *volatile none = NULL;

	(void)state;
	fl_print_to(buf, sizeof(buf), "%s", none);
	assert_string_equal(buf, "(null)");
}

static void speak(void)
{
	fl_print_message("%s %d", "one line", 1);
}

static void speak_long(void)
{
	char text[3000];

	memset(text, 'x', sizeof(text) - 1);
	text[sizeof(text) - 1] = 0;
	fl_print_message("%s", text);
}

static void test_message(void **state)
{
	const char *said;

	(void)state;
	assert_string_equal(said_during(speak), "furlong: one line 1\n");
	said = said_during(speak_long);
	assert_int_equal(strlen(said), LINE_BYTES - 1);
	assert_int_equal(said[strlen(said) - 1], '\n');
}

static void speak_to_changed_descriptor(void)
{
	FILE *other = tmpfile();
	int saved = dup(2);
	struct stat st;

	dup2(fileno(other), 2);
	fl_print_message("lost");
	assert_int_equal(fstat(2, &st), 0);
	assert_int_equal(st.st_size, 0);
	close(2);
	fl_print_message("lost");
	dup2(saved, 2);
	close(saved);
	fclose(other);
}

static void test_descriptor_that_became_another(void **state)
{
	(void)state;
	assert_string_equal(said_during(speak_to_changed_descriptor), "");
}

static void test_log_path(void **state)
{
	char directory[] = "/tmp/printXXXXXX", path[100], line[100] = "";
	FILE *file;

	(void)state;
	assert_non_null(mkdtemp(directory));
	snprintf(fl_options.log_path, sizeof(fl_options.log_path), "%s/log", directory);
	assert_string_equal(said_during(speak), "");
	snprintf(path, sizeof(path), "%s/log.%d", directory, getpid());
	file = fopen(path, "r");
	assert_non_null(file);
	assert_non_null(fgets(line, sizeof(line), file));
	assert_string_equal(line, "furlong: one line 1\n");
	fclose(file);
	unlink(path);
	rmdir(directory);
	strcpy(fl_options.log_path, "stdout"); /* the program's own */
	assert_string_equal(said_during(speak), "furlong: one line 1\n");
	strcpy(fl_options.log_path, "stderr");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_same_as_snprintf),
		cmocka_unit_test(test_truncates),
		cmocka_unit_test(test_null_string),
		cmocka_unit_test(test_message),
		cmocka_unit_test(test_descriptor_that_became_another),
		cmocka_unit_test(test_log_path),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
