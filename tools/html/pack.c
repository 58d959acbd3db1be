/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * pack.c: see pack.h. To write into another column is to have another buffer.
 */
#include "pack.h"

#include <stdio.h>
#include <string.h>

static void begin_page(struct fl_pack *pack, const char *key)
{
	for (size_t i = 0; i < FL_PACK_COLUMNS && pack->columns[FL_PACK_KEYS].used; i++)
		fl_bag_put(&pack->columns[i], "\x1e", 1);
	fl_bag_put(&pack->columns[FL_PACK_KEYS], key, strlen(key));
}

static void store(struct fl_bag *bag, const struct fl_emit *out)
{
	*bag = (struct fl_bag){out->data, out->used, out->capacity};
}

static void load(struct fl_emit *out, const struct fl_bag *bag)
{
	out->data = bag->data;
	out->used = bag->used;
	out->capacity = bag->capacity;
}

static void turn_to(struct fl_emit *out, enum fl_pack_column column)
{
	struct fl_pack *pack = out->pack;
	store(&pack->columns[pack->current], out);
	load(out, &pack->columns[pack->current = column]);
}

void fl_pack_begin(struct fl_emit *out, const char *key)
{
	struct fl_pack *pack = out->pack;
	fl_emit_begin(out);
	begin_page(pack, key);
	store(&pack->own, out);
	load(out, &pack->columns[pack->current = FL_PACK_PAGES]);
	pack->rows = 0;
	out->packed = true;
}

void fl_pack_end(struct fl_emit *out)
{
	struct fl_pack *pack = out->pack;
	store(&pack->columns[pack->current], out);
	load(out, &pack->own);
	out->packed = false;
}

/* After the last row of a run. */
void fl_rows_end(struct fl_emit *out)
{
	if (!out->packed || !out->pack->rows)
		return;
	EMIT(out, "\1");
	fl_emit_number(out, out->pack->first);
	EMIT(out, ",");
	fl_emit_number(out, out->pack->rows);
	EMIT(out, ";");
	out->pack->rows = 0;
}

void fl_row_begin(struct fl_emit *out, uint32_t number, const char *class)
{
	if (!out->packed) {
		EMIT(out, "<tr\nid=L");
		fl_emit_number(out, number);
		if (class) {
			EMIT(out, " class=");
			fl_emit_bytes(out, class, 1);
		}
		EMIT(out, "><td>");
		return;
	}
	struct fl_pack *pack = out->pack;
	if (number != pack->first + pack->rows)
		fl_rows_end(out);
	if (!pack->rows++)
		pack->first = number;
	turn_to(out, FL_PACK_STARTS);
	fl_emit_bytes(out, class ? class : " ", 1);
}

void fl_row_number(struct fl_emit *out, uint32_t number)
{
	if (!out->packed)
		fl_emit_number(out, number);
}

static void end_cell(struct fl_emit *out)
{
	EMIT(out, "\x1f");
	turn_to(out, out->pack->current == FL_PACK_TEXTS ? FL_PACK_PAGES : out->pack->current + 1);
}

void fl_row_cell(struct fl_emit *out)
{
	if (out->packed)
		end_cell(out);
	else
		EMIT(out, "<td>");
}

void fl_row_cell_with(struct fl_emit *out)
{
	if (out->packed)
		end_cell(out);
	else
		EMIT(out, "<td");
}

void fl_row_end(struct fl_emit *out)
{
	while (out->packed && out->pack->current != FL_PACK_PAGES)
		end_cell(out);
}

void fl_pack_add_text(struct fl_pack *pack, const char *key, const struct fl_source *source)
{
	struct fl_emit out = {.fd = -1, .pack = pack};
	fl_pack_begin(&out, key);
	turn_to(&out, FL_PACK_TEXTS);
	for (uint32_t line = 1; line <= source->line_count; line++) {
		size_t size;
		const char *from = fl_source_line(source, line, &size);
		for (; size && (*from == ' ' || *from == '\t'); size--) /* nobody searches for it */
			from++;
		fl_emit_content(&out, from, size);
		EMIT(&out, "\x1f");
	}
	turn_to(&out, FL_PACK_PAGES);
	pack->first = 1;
	pack->rows = (uint32_t)source->line_count;
	fl_rows_end(&out);
	fl_pack_end(&out);
}

void fl_pack_close(struct fl_pack *pack)
{
	for (size_t i = 0; i + 1 < FL_PACK_COLUMNS; i++)
		fl_bag_put(&pack->columns[i], "\x1d", 1);
}

void fl_pack_clear(struct fl_pack *pack)
{
	for (size_t i = 0; i < FL_PACK_COLUMNS; i++)
		pack->columns[i].used = 0;
}

void fl_pack_free(struct fl_pack *pack)
{
	for (size_t i = 0; i < FL_PACK_COLUMNS; i++)
		fl_bag_free(&pack->columns[i]);
}
