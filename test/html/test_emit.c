/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * What untrusted bytes and numbers become in a page.
 */
#include "test.h"

#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "html/emit.h"
#include "model/model.h"
#include "util/error.h"

static struct fl_emit out;

/* What was emitted since the last call. */
static const char *emitted(void)
{
	static char text[4096];
	snprintf(text, sizeof text, "%.*s", (int)out.used, out.data);
	out.used = 0;
	return text;
}

static void check_text(const char *bytes, const char *expected)
{
	fl_emit_string(&out, bytes);
	assert_string_equal(emitted(), expected);
}

static void markup_is_escaped(void **state)
{
	(void)state;
	check_text(
		"<img src=x onerror=\"f('&')\">", "&lt;img src=x onerror=&#34;f(&#39;&amp;&#39;)&#34;&gt;");
	check_text("plain text, 100%", "plain text, 100%");
	check_text("", "");
	fl_emit_content(&out, "a<b && c>\"d\"", 12);
	assert_string_equal(emitted(), "a&lt;b &amp;&amp; c>\"d\"");
}

/* Each byte at each place of a text long enough to be looked at by more than a byte at a time. */
static void a_byte_is_escaped_wherever_it_stands(void **state)
{
	(void)state;
	for (size_t place = 0; place < 37; place++) {
		for (int byte = 0; byte < 256; byte++) {
			char text[37], alone[16], expected[64];
			memset(text, 'x', sizeof text);
			text[place] = (char)byte;
			bool kept =
				byte == '\t' || (byte >= ' ' && byte < 0x7f && byte != '<' && byte != '&');
			assert_int_equal(fl_emit_is_content(text, sizeof text), kept);
			fl_emit_content(&out, text + place, 1);
			snprintf(alone, sizeof alone, "%.15s", emitted());
			assert_int_equal(kept, alone[0] == byte && !alone[1]);
			snprintf(expected, sizeof expected, "%.*s%s%.*s", (int)place, text, alone,
				(int)(sizeof text - place - 1), text + place + 1);
			fl_emit_content(&out, text, sizeof text);
			assert_string_equal(emitted(), expected);
		}
	}
}

static void control_characters_are_shown(void **state)
{
	(void)state;
	check_text("a\x01\x1b[0m\x7f\tz", "a␁␛[0m␡\tz");
	check_text("two\nlines\r", "two␊lines␍");
	fl_emit_text(&out, "a\0b", 3);
	assert_string_equal(emitted(), "a␀b");
}

static void invalid_utf8_is_replaced(void **state)
{
	(void)state;
	check_text("é€😀", "é€😀");
	check_text("\xff\xc3", "\xef\xbf\xbd\xef\xbf\xbd");
	check_text("\xc3(", "\xef\xbf\xbd(");
	check_text("\xc0\xaf", "\xef\xbf\xbd\xef\xbf\xbd");                                 /* overlong */
	check_text("\xed\xa0\x80", "\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd");                 /* surrogate */
	check_text("\xf4\x90\x80\x80", "\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd"); /* above 10FFFF */
	check_text("\xe2\x82", "\xef\xbf\xbd\xef\xbf\xbd");                                 /* cut off */
	check_text("\xe2\x82<", "\xef\xbf\xbd\xef\xbf\xbd&lt;");
}

static void deceptive_characters_are_named(void **state)
{
	(void)state;
	check_text("a\u202eb\u2066c\u200bd", "a[U+202E]b[U+2066]c[U+200B]d");
	check_text("\xc2\x85", "[U+0085]");
}

static void check_number(void (*emit)(struct fl_emit *, uint64_t), uint64_t number, const char *expected)
{
	emit(&out, number);
	assert_string_equal(emitted(), expected);
}

static void numbers_for_humans(void **state)
{
	(void)state;
	check_number(fl_emit_number, 0, "0");
	for (uint64_t number = 1; number < UINT64_MAX / 10; number *= 10) {
		char expected[24];
		snprintf(expected, sizeof expected, "%llu", (unsigned long long)number);
		check_number(fl_emit_number, number, expected);
		snprintf(expected, sizeof expected, "%llu", (unsigned long long)number - 1);
		check_number(fl_emit_number, number - 1, expected);
	}
	check_number(fl_emit_number, UINT64_MAX, "18446744073709551615");
	check_number(fl_emit_human, 9999, "9999");
	check_number(fl_emit_human, 10000, "10.0k");
	check_number(fl_emit_human, 12399, "12.3k");
	check_number(fl_emit_human, 99999, "99.9k");
	check_number(fl_emit_human, 999999, "999k");
	check_number(fl_emit_human, 1000000, "1.00M");
	check_number(fl_emit_human, 1059999, "1.05M");
	check_number(fl_emit_human, 12345678, "12.3M");
	check_number(fl_emit_human, UINT64_MAX, "18.4E");
	check_number(fl_emit_grouped, 9999, "9999");
	check_number(fl_emit_grouped, 10000, "10\u202f000");
	check_number(fl_emit_grouped, 1234567, "1\u202f234\u202f567");
}

static void percentages_do_not_flatter(void **state)
{
	(void)state;
	fl_emit_percent(&out, (struct fl_ratio){.found = 100000, .hit = 99999});
	assert_string_equal(emitted(), "99.9%");
	fl_emit_percent(&out, (struct fl_ratio){.found = 100000, .hit = 100000});
	assert_string_equal(emitted(), "100.0%");
	fl_emit_percent(&out, (struct fl_ratio){.found = 100000, .hit = 1});
	assert_string_equal(emitted(), "0.1%");
	fl_emit_percent(&out, (struct fl_ratio){0, 0});
	assert_string_equal(emitted(), "–");
}

static void a_full_disk_is_an_error(void **state)
{
	(void)state;
	struct fl_emit full;
	struct fl_error error = {0};
	fl_emit_init(&full);
	if (fl_emit_open(&full, "/dev", "full", &error))
		skip();
	fl_emit_string(&full, "text");
	assert_int_equal(fl_emit_close(&full, &error), -1);
	assert_int_equal(error.code, FL_EXIT_UNWRITABLE);
	assert_non_null(strstr(error.text, "/dev/full"));
	assert_non_null(strstr(error.text, "No space left"));
	fl_emit_free(&full);
}

static void more_than_the_buffer_arrives(void **state)
{
	(void)state;
	struct fl_emit file;
	struct fl_error error;
	char directory[] = "/tmp/furlong-test-XXXXXX", path[64];
	size_t size = 1000003;
	char *bytes = malloc(size), *back = malloc(2 * size + 1);
	for (size_t i = 0; i < size; i++)
		bytes[i] = (char)('a' + i % 23);
	assert_non_null(mkdtemp(directory));
	fl_emit_init(&file);
	assert_int_equal(fl_emit_open(&file, directory, "big", &error), 0);
	fl_emit_bytes(&file, bytes, size);
	for (size_t i = 0; i < size; i += 17)
		fl_emit_bytes(&file, bytes + i, size - i < 17 ? size - i : 17);
	assert_int_equal(fl_emit_close(&file, &error), 0);
	fl_emit_free(&file);
	snprintf(path, sizeof path, "%s/big", directory);
	FILE *in = fopen(path, "r");
	assert_int_equal(fread(back, 1, 2 * size + 1, in), 2 * size);
	fclose(in);
	assert_memory_equal(back, bytes, size);
	assert_memory_equal(back + size, bytes, size);
	unlink(path);
	rmdir(directory);
	free(bytes);
	free(back);
}

static void make_file(struct fl_emit *file, const char *directory, const char *bytes, size_t size)
{
	struct fl_error error;
	assert_int_equal(fl_emit_open(file, directory, "large", &error), 0);
	for (size_t i = 0; i < size; i += 1000)
		fl_emit_bytes(file, bytes + i, size - i < 1000 ? size - i : 1000);
	assert_int_equal(fl_emit_close(file, &error), 0);
}

/* Over a file with holes: where something is written the hole is gone. */
static void only_what_changed_is_written(void **state)
{
	(void)state;
	struct fl_emit file;
	struct stat before, after;
	char directory[] = "/tmp/furlong-test-XXXXXX", path[64];
	const size_t size = 8 << 20;
	char *bytes = calloc(1, size), *back = malloc(size);
	assert_non_null(mkdtemp(directory));
	snprintf(path, sizeof path, "%s/large", directory);
	fl_emit_init(&file);
	make_file(&file, directory, bytes, 1); /* it is there */
	assert_int_equal(truncate(path, (off_t)size), 0);
	stat(path, &before);
	bytes[size / 2] = 'x';
	make_file(&file, directory, bytes, size);
	stat(path, &after);
	assert_true(after.st_blocks - before.st_blocks < 2 * (1 << 20) / 512);
	FILE *in = fopen(path, "r");
	assert_int_equal(fread(back, 1, size, in), size);
	fclose(in);
	assert_memory_equal(back, bytes, size);
	make_file(&file, directory, bytes + size / 2, 5000); /* shorter */
	stat(path, &after);
	assert_int_equal(after.st_size, 5000);
	fl_emit_free(&file);
	unlink(path);
	rmdir(directory);
	free(bytes);
	free(back);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(markup_is_escaped),
		cmocka_unit_test(a_byte_is_escaped_wherever_it_stands),
		cmocka_unit_test(control_characters_are_shown),
		cmocka_unit_test(invalid_utf8_is_replaced),
		cmocka_unit_test(deceptive_characters_are_named),
		cmocka_unit_test(numbers_for_humans),
		cmocka_unit_test(percentages_do_not_flatter),
		cmocka_unit_test(a_full_disk_is_an_error),
		cmocka_unit_test(more_than_the_buffer_arrives),
		cmocka_unit_test(only_what_changed_is_written),
	};
	fl_emit_init(&out);
	int failed = cmocka_run_group_tests(tests, NULL, NULL);
	fl_emit_free(&out);
	return failed;
}
