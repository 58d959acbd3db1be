/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * test_pack.c: a page taken apart into columns, and bytes spelled in characters.
 */
#include "test.h"

#include <string.h>
#include <zlib.h>

#include "html/pack.h"

static void add_row(struct fl_emit *out, unsigned number, const char *count, const char *text)
{
	fl_row_begin(out, number, NULL);
	fl_row_number(out, number);
	fl_row_cell(out);
	fl_emit_string(out, count);
	fl_row_cell(out);
	fl_row_cell(out);
	fl_emit_content(out, text, strlen(text));
	fl_row_end(out);
}

/* Lines 1 to 3, and 7: one with all that a row can have. */
static void write_page(struct fl_emit *out)
{
	EMIT(out, "<main>");
	fl_row_begin(out, 1, NULL);
	fl_row_number(out, 1);
	fl_row_end(out);
	fl_row_begin(out, 2, "u");
	fl_emit_word(out, FL_WORD_ARROW);
	EMIT(out, "9");
	fl_emit_word(out, FL_WORD_NEXT);
	fl_row_cell_with(out);
	EMIT(out, " title=12345>12.3k");
	fl_row_cell(out);
	EMIT(out, "T F");
	fl_row_cell(out);
	fl_emit_word(out, FL_WORD_BOLD);
	EMIT(out, "if");
	fl_emit_word(out, FL_WORD_BOLD_END);
	fl_row_end(out);
	add_row(out, 3, "0", "a < b");
	fl_rows_end(out);
	EMIT(out, "</table>");
	add_row(out, 7, "1", "x");
	add_row(out, 9, "", "y");
	fl_rows_end(out);
}

static void a_page_is_markup(void **state)
{
	static const char expected[] =
		"<main><tr\nid=L1><td>1<tr\nid=L2 class=u><td><a class=v href=#L9 aria-label=Next>↓</a>"
		"<td title=12345>12.3k<td>T F<td><b>if</b><tr\nid=L3><td>3<td>0<td><td>a &lt; b</table>"
		"<tr\nid=L7><td>7<td>1<td><td>x<tr\nid=L9><td>9<td><td><td>y";
	struct fl_emit out;
	(void)state;
	fl_emit_init(&out);
	write_page(&out);
	assert_int_equal(out.used, sizeof expected - 1);
	assert_memory_equal(out.data, expected, sizeof expected - 1);
	fl_emit_free(&out);
}

static void join(struct fl_pack *pack, struct fl_bag *out)
{
	fl_pack_close(pack);
	out->used = 0;
	for (size_t i = 0; i < FL_PACK_COLUMNS; i++)
		fl_bag_put(out, pack->columns[i].data, pack->columns[i].used);
	fl_pack_clear(pack);
}

/* U+001F ends a row's cell, U+001E parts pages, U+001D columns; \1FIRST,COUNT; stands for rows; U+000E to
 * U+001C for words. */
static void packed_rows_are_columns(void **state)
{
	static const char expected[] = "file/a.html\x1e"
				       "dir/b.html\x1d"
				       "<main>\1"
				       "1,3;</table>\1"
				       "7,1;\1"
				       "9,1;\x1e<title>b\x1d"
				       " \x1fu\x1a"
				       "9\x1c\x1f \x1f \x1f \x1f\x1e\x1d"
				       "\x1f title=12345>12.3k\x1f"
				       "0\x1f"
				       "1\x1f\x1f\x1e\x1d"
				       "\x1fT F\x1f\x1f\x1f\x1f\x1e\x1d"
				       "\x1f\x0eif\x0f\x1f"
				       "a \x18 b\x1fx\x1fy\x1f\x1e";
	struct fl_pack pack = {0};
	struct fl_bag all = {0};
	struct fl_emit out;
	(void)state;
	fl_emit_init(&out);
	out.pack = &pack;
	fl_pack_begin(&out, "file/a.html");
	write_page(&out);
	fl_pack_end(&out);
	fl_pack_begin(&out, "dir/b.html");
	EMIT(&out, "<title>b");
	fl_pack_end(&out);
	join(&pack, &all);
	assert_int_equal(all.used, sizeof expected - 1);
	assert_memory_equal(all.data, expected, sizeof expected - 1);
	write_page(&out); /* what comes next is not packed */
	assert_int_equal(pack.columns[FL_PACK_PAGES].used, 0);
	join(&pack, &all);
	assert_int_equal(all.used, FL_PACK_COLUMNS - 1); /* it is empty again */
	fl_bag_free(&all);
	fl_pack_free(&pack);
	fl_emit_free(&out);
}

static void the_text_alone(void **state)
{
	static const char expected[] = "a\x1d\1"
				       "1,2;\x1d\x1d\x1d\x1d"
				       "if (a \x18 b)\x1f}\x1f";
	char text[] = "\t  if (a < b)\n}\n"; /* nobody searches for blanks that come first */
	size_t starts[] = {0, 14, 16};
	struct fl_source source = {.text = text, .size = 16, .starts = starts, .line_count = 2};
	struct fl_pack pack = {0};
	struct fl_bag out = {0};
	(void)state;
	fl_pack_add_text(&pack, "a", &source);
	join(&pack, &out);
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
		struct fl_bag in[2] = {{0}}, out = {0};
		size_t length = 0, start = 0;
		for (size_t i = 0; i < size; i++)
			bytes[i] = (unsigned char)(i * i * 2654435761u >> 13);
		fl_bag_put(&in[0], bytes, size / 3); /* parts follow each other */
		fl_bag_put(&in[1], bytes + size / 3, size - size / 3);
		fl_squeeze(&out, "n", in, 2);
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
		fl_bag_free(&in[0]);
		fl_bag_free(&in[1]);
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
		cmocka_unit_test(a_page_is_markup),
		cmocka_unit_test(packed_rows_are_columns),
		cmocka_unit_test(the_text_alone),
		cmocka_unit_test(spelled_bytes_inflate_to_what_they_were),
		cmocka_unit_test(text_becomes_utf16),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
