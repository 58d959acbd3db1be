/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * Lines end where the compiler says: beside a splitter that looks at one byte after the other.
 */
#include "test.h"

#include <stdio.h>
#include <unistd.h>

#include "html/source.h"

static struct fl_source source;

static void load(const char *bytes, size_t length)
{
	char path[] = "/tmp/furlong-source-XXXXXX";
	int fd = mkstemp(path);
	assert_true(fd >= 0);
	assert_int_equal(write(fd, bytes, length), length);
	close(fd);
	assert_true(fl_source_load(&source, path));
	unlink(path);
}

/* The length of the line end at text[at], or 0. */
static size_t end_at(const char *text, size_t length, size_t at)
{
	if (text[at] == '\n')
		return 1;
	if (text[at] == '\r')
		return at + 1 < length && text[at + 1] == '\n' ? 2 : 1;
	return 0;
}

static void check(const char *text, size_t length)
{
	uint32_t line = 0;
	load(text, length);
	for (size_t at = 0; at < length;) {
		size_t stop = at, size;
		while (stop < length && !end_at(text, length, stop))
			stop++;
		const char *found = fl_source_line(&source, ++line, &size);
		assert_int_equal(size, stop - at);
		assert_memory_equal(found, text + at, size);
		at = stop < length ? stop + end_at(text, length, stop) : length;
	}
	assert_int_equal(source.line_count, line);
}

static void lines_of_all_short_texts(void **state)
{
	(void)state;
	static const char letters[] = "a\n\r";
	for (unsigned length = 0, count = 1; length <= 6; length++, count *= 3)
		for (unsigned number = 0; number < count; number++) {
			char text[8];
			unsigned rest = number;
			for (unsigned i = 0; i < length; i++, rest /= 3)
				text[i] = letters[rest % 3];
			check(text, length);
		}
}

static void a_line_beyond_the_last_is_empty(void **state)
{
	(void)state;
	size_t size = 1;
	load("one\ntwo", 7);
	fl_source_line(&source, 3, &size);
	assert_int_equal(size, 0);
	assert_false(fl_source_load(&source, "/nowhere"));
	assert_int_equal(source.line_count, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(lines_of_all_short_texts),
		cmocka_unit_test(a_line_beyond_the_last_is_empty),
	};
	int failed = cmocka_run_group_tests(tests, NULL, NULL);
	fl_source_free(&source);
	return failed;
}
