/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * pack.c: see pack.h. What rows look like is code.c's business; here their marks are known: "<tr\nid=L"
 * begins one, and stands nowhere else, "<td" begins a cell, as in text `<` is an entity. No text has control
 * characters (emit.h), so those part what is put together: U+001F rows, U+001E pages, U+001D columns.
 */
#include "pack.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include "emit.h"

static const char row_start[] = "<tr\nid=L";

struct text {
	const char *at, *end;
};

static void put(struct fl_pack *pack, enum fl_pack_column column, const char *from, const char *to)
{
	fl_bag_put(&pack->columns[column], from, (size_t)(to - from));
}

static const char *find(const char *from, const char *end, const char *what)
{
	const char *found = memmem(from, (size_t)(end - from), what, strlen(what));
	return found ? found : end;
}

static const char *find_cell(const char *from, const char *end)
{
	while ((from = memchr(from, '<', (size_t)(end - from))) && end - from > 2 && memcmp(from, "<td", 3))
		from++;
	return from && end - from > 2 ? from : end;
}

static bool ends_with(const char *from, const char *end, const char *what)
{
	size_t length = strlen(what);
	return (size_t)(end - from) >= length && !memcmp(end - length, what, length);
}

/* The end of a row that begins before `from`: newlines are in the mark of the next one, after the table, or
 * in the title of something. */
static const char *find_end(const char *from, const char *end)
{
	static const char table_end[] = "</table></div>";
	for (const char *at = from, *line; (line = memchr(at, '\n', (size_t)(end - at))); at = line + 1) {
		if (ends_with(from, line, "<tr"))
			return line - 3;
		if (ends_with(from, line, table_end))
			return line - (sizeof table_end - 1);
	}
	return end;
}

/* ` class=u><td>12` of line 12 becomes `u`; with more in the cell, `u<a ...>`. */
static void add_start(
	struct fl_pack *pack, const char *from, const char *end, const char *number, size_t digits)
{
	static const char class[] = " class=", cell[] = "><td>";
	const char *content = memchr(from, '>', (size_t)(end - from));
	content = content ? content : end;
	if (end - from > 8 && !memcmp(from, class, sizeof class - 1))
		put(pack, FL_PACK_STARTS, from + sizeof class - 1, content);
	else
		put(pack, FL_PACK_STARTS, " ", " " + 1);
	content += end - content >= (ptrdiff_t)sizeof cell - 1 ? sizeof cell - 1 : 0;
	if ((size_t)(end - content) != digits || memcmp(content, number, digits))
		put(pack, FL_PACK_STARTS, content, end);
	fl_bag_put(&pack->columns[FL_PACK_STARTS], "\x1f", 1);
}

static unsigned long read_number(const char **at)
{
	unsigned long number = 0;
	for (; **at >= '0' && **at <= '9'; (*at)++) /* a row's mark is followed by more than digits */
		number = 10 * number + (unsigned long)(**at - '0');
	return number;
}

/* The row is [from, end), after the mark; returns its number. */
static unsigned long add_row(struct fl_pack *pack, const char *from, const char *end)
{
	const char *after = from;
	unsigned long number = read_number(&after);
	const char *cell = find_cell(after, end), *next = find_cell(cell < end ? cell + 1 : end, end);
	add_start(pack, after, next, from, (size_t)(after - from));
	for (enum fl_pack_column column = FL_PACK_COUNTS; column <= FL_PACK_TEXTS; column++) {
		const char *content = next < end ? next + 3 : end;
		next = column < FL_PACK_TEXTS ? find_cell(content, end) : end;
		content += content < next && *content == '>'; /* else it is the space before an attribute */
		put(pack, column, content, next);
		fl_bag_put(&pack->columns[column], "\x1f", 1);
	}
	return number;
}

/* Rows that follow each other with numbers that do; returns where they end. */
static const char *add_rows(struct fl_pack *pack, const char *at, const char *end)
{
	char run[64];
	unsigned long first = 0, count = 0;
	while ((size_t)(end - at) > sizeof row_start && !memcmp(at, row_start, sizeof row_start - 1)) {
		const char *from = at + sizeof row_start - 1;
		const char *number_at = from;
		if (count && read_number(&number_at) != first + count)
			break;
		const char *close = find_end(from, end);
		unsigned long number = add_row(pack, from, close);
		first = count ? first : number;
		count++;
		at = close;
	}
	int length = snprintf(run, sizeof run, "\1%lu,%lu;", first, count);
	fl_bag_put(&pack->columns[FL_PACK_PAGES], run, (size_t)length);
	return at;
}

static void begin_page(struct fl_pack *pack, const char *key)
{
	for (size_t i = 0; i < FL_PACK_COLUMNS && pack->columns[FL_PACK_KEYS].used; i++)
		fl_bag_put(&pack->columns[i], "\x1e", 1);
	fl_bag_put(&pack->columns[FL_PACK_KEYS], key, strlen(key));
}

void fl_pack_add_text(struct fl_pack *pack, const char *key, const struct fl_source *source)
{
	struct fl_bag *texts = &pack->columns[FL_PACK_TEXTS];
	char run[64];
	begin_page(pack, key);
	if (!source->line_count)
		return;
	int length = snprintf(run, sizeof run, "\0011,%zu;", source->line_count);
	fl_bag_put(&pack->columns[FL_PACK_PAGES], run, (size_t)length);
	fl_bag_reserve(texts, source->size + source->size / 16);
	struct fl_emit text = {
		.fd = -1, .data = texts->data, .used = texts->used, .capacity = texts->capacity};
	for (uint32_t line = 1; line <= source->line_count; line++) {
		size_t size;
		const char *from = fl_source_line(source, line, &size);
		for (; size && (*from == ' ' || *from == '\t'); size--) /* nobody searches for it */
			from++;
		fl_emit_content(&text, from, size);
		EMIT(&text, "\x1f");
	}
	*texts = (struct fl_bag){text.data, text.used, text.capacity};
}

void fl_pack_add(struct fl_pack *pack, const char *key, const char *page, size_t length)
{
	const char *end = page + length, *at = find(page, end, "<title>"), *stop = find(at, end, "</main>");
	begin_page(pack, key);
	while (at < stop) {
		const char *row = find(at, stop, row_start);
		put(pack, FL_PACK_PAGES, at, row);
		at = row < stop ? add_rows(pack, row, stop) : stop;
	}
}

void fl_pack_take(struct fl_pack *pack, struct fl_bag *out)
{
	size_t total = FL_PACK_COLUMNS;
	for (size_t i = 0; i < FL_PACK_COLUMNS; i++)
		total += pack->columns[i].used;
	fl_bag_reserve(out, total);
	for (size_t i = 0; i < FL_PACK_COLUMNS; i++) {
		if (i)
			fl_bag_put(out, "\x1d", 1);
		fl_bag_put(out, pack->columns[i].data, pack->columns[i].used);
		pack->columns[i].used = 0;
	}
}

void fl_pack_free(struct fl_pack *pack)
{
	for (size_t i = 0; i < FL_PACK_COLUMNS; i++)
		fl_bag_free(&pack->columns[i]);
}
