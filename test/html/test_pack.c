/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * test_pack.c: a page taken apart into columns, and bytes spelled in characters.
 */
#include "test.h"

#include <string.h>
#include <zlib.h>

#include "html/pack.h"

/* U+001F ends a row's cell, U+001E parts pages, U+001D columns; \1FIRST,COUNT; stands for rows. */
static void rows_become_columns(void **state)
{
	static const char page[] =
		"<html><title>a.c</title><main>\n<div><table class=code>\n<tbody><tr\nid=L1><td>1<tr\nid=L2 "
		"class=u><td><a class=v href=#L9>x</a><a href=#L2>2</a><td>0<td><td>if (<em title=\"line "
		"3\nline "
		"4\">M</em>)<tr\nid=L3><td>3<td title=12345>12.3k<td>T <b>F</b><td>x</table></div>\n"
		"<div><table class=code>\n<tbody><tr\nid=L7><td>7<td><td><td>}</table></div>\n</main>ignored";
	static const char other[] = "<title>b</title></main>";
	static const char expected[] =
		"file/a.html\x1e"
		"dir/b.html\x1d"
		"<title>a.c</title><main>\n<div><table class=code>\n<tbody>\1"
		"1,3;</table></div>\n<div><table class=code>\n<tbody>\1"
		"7,1;</table></div>\n\x1e<title>b</title>\x1d"
		" \x1fu<a class=v href=#L9>x</a><a href=#L2>2</a>\x1f \x1f \x1f\x1e\x1d"
		"\x1f"
		"0\x1f title=12345>12.3k\x1f\x1f\x1e\x1d"
		"\x1f\x1fT <b>F</b>\x1f\x1f\x1e\x1d"
		"\x1fif (<em title=\"line 3\nline 4\">M</em>)\x1fx\x1f}\x1f\x1e";
	struct fl_pack pack = {0};
	struct fl_bag out = {0};
	(void)state;
	fl_pack_add(&pack, "file/a.html", page, sizeof page - 1);
	fl_pack_add(&pack, "dir/b.html", other, sizeof other - 1);
	fl_pack_take(&pack, &out);
	assert_int_equal(out.used, sizeof expected - 1);
	assert_memory_equal(out.data, expected, sizeof expected - 1);
	out.used = 0;
	fl_pack_take(&pack, &out);
	assert_int_equal(out.used, FL_PACK_COLUMNS - 1); /* it is empty again */
	fl_bag_free(&out);
	fl_pack_free(&pack);
}

static void the_text_alone(void **state)
{
	static const char expected[] = "a\x1d\1"
				       "1,2;\x1d\x1d\x1d\x1d"
				       "if (a &lt; b)\x1f}\x1f";
	char text[] = "\t  if (a < b)\n}\n"; /* nobody searches for blanks that come first */
	size_t starts[] = {0, 14, 16};
	struct fl_source source = {.text = text, .size = 16, .starts = starts, .line_count = 2};
	struct fl_pack pack = {0};
	struct fl_bag out = {0};
	(void)state;
	fl_pack_add_text(&pack, "a", &source);
	fl_pack_take(&pack, &out);
	assert_int_equal(out.used, sizeof expected - 1);
	assert_memory_equal(out.data, expected, sizeof expected - 1);
	fl_bag_free(&out);
	fl_pack_free(&pack);
}

static unsigned unit(const struct fl_bag *text, size_t at)
{
	return (unsigned char)text->data[2 * at] | (unsigned)(unsigned char)text->data[2 * at + 1] << 8;
}

/* By the bits, one after the other. */
static void spelled_bytes_inflate_to_what_they_were(void **state)
{
	unsigned char bytes[5000], deflated[8000], back[sizeof bytes];
	(void)state;
	for (size_t size = 0; size < sizeof bytes; size = size * 3 + 1) {
		struct fl_bag in = {0}, out = {0};
		size_t length = 0, start = 0;
		for (size_t i = 0; i < size; i++)
			bytes[i] = (unsigned char)(i * i * 2654435761u >> 13);
		fl_bag_put(&in, bytes, size);
		fl_squeeze(&out, "n", &in, size % 2 ? FL_SQUEEZE_SMALL : FL_SQUEEZE_QUICK);
		for (; unit(&out, start) != ','; start++)
			;
		for (start++; unit(&out, start) != ','; start++)
			length = 10 * length + unit(&out, start) - '0';
		start += 2;
		memset(deflated, 0, sizeof deflated);
		for (size_t bit = 0; bit < 8 * length; bit++) {
			unsigned character = unit(&out, start + bit / 15);
			assert_in_range(character, 0x3400, 0xb3ff);
			if ((character - 0x3400) >> (14 - bit % 15) & 1)
				deflated[bit / 8] |= (unsigned char)(128 >> bit % 8);
		}
		z_stream stream = {.next_in = deflated,
			.avail_in = (uInt)length,
			.next_out = back,
			.avail_out = sizeof back};
		assert_int_equal(inflateInit2(&stream, -MAX_WBITS), Z_OK);
		assert_int_equal(inflate(&stream, Z_FINISH), Z_STREAM_END);
		assert_int_equal(stream.total_out, size);
		assert_memory_equal(back, bytes, size);
		inflateEnd(&stream);
		fl_bag_free(&in);
		fl_bag_free(&out);
	}
}

static void text_becomes_utf16(void **state)
{
	static const unsigned char expected[] = {'a', 0, 0xe9, 0, 0xac, 0x20, 0x3d, 0xd8, 0x00, 0xde};
	struct fl_bag out = {0};
	(void)state;
	fl_squeeze_text(&out, "a\xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80", 10);
	assert_int_equal(out.used, sizeof expected);
	assert_memory_equal(out.data, expected, sizeof expected);
	fl_bag_free(&out);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(rows_become_columns),
		cmocka_unit_test(the_text_alone),
		cmocka_unit_test(spelled_bytes_inflate_to_what_they_were),
		cmocka_unit_test(text_becomes_utf16),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
