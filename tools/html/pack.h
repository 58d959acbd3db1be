/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * pack.h: pages written so that they deflate to about the size of their sources: the cells of rows of code
 * stand in columns, numbers with numbers and text with text. script/data.js puts them together again.
 *
 * While a page is packed, its struct fl_emit writes into one of the columns. No text has control characters
 * (emit.h), so those part what is put together: U+001F cells, U+001E pages, U+001D columns.
 */
#ifndef FURLONG_HTML_PACK_H
#define FURLONG_HTML_PACK_H

#include "emit.h"
#include "source.h"
#include "squeeze.h"

/* A bundle's columns; of each, what belongs to a page ends where the next one's begins. */
enum fl_pack_column {
	FL_PACK_KEYS,   /* file/main.c.html */
	FL_PACK_PAGES,  /* from title to the end of <main>; \1FIRST,COUNT; stands for so many rows from line
			   FIRST on */
	FL_PACK_STARTS, /* of each row: its class or a space, and what stands in its first cell instead of the
			   number */
	FL_PACK_COUNTS, /* second cell: its content; after attributes, which begin with a space, and > */
	FL_PACK_BRANCHES, /* third cell */
	FL_PACK_TEXTS,    /* fourth cell */
	FL_PACK_COLUMNS,
};

struct fl_pack {
	struct fl_bag columns[FL_PACK_COLUMNS];
	struct fl_bag own;           /* the emit's buffer, meanwhile */
	enum fl_pack_column current; /* whose buffer the emit has */
	uint32_t first, rows;        /* that follow each other in number, and are not in FL_PACK_PAGES yet */
};

/* A page begins, in FL_PACK_PAGES. */
void fl_pack_begin(struct fl_emit *out, const char *key);
void fl_pack_end(struct fl_emit *out);

/* A row of code, wherever it goes: number, then three cells or none, each with its text behind it. */
void fl_row_begin(struct fl_emit *out, uint32_t number, const char *class);
void fl_row_number(struct fl_emit *out, uint32_t number); /* the row's own, which goes without saying */
void fl_row_cell(struct fl_emit *out);                    /* <td> */
void fl_row_cell_with(struct fl_emit *out);               /* <td, without the > that attributes precede */
void fl_row_end(struct fl_emit *out);
void fl_rows_end(struct fl_emit *out); /* what comes now is no row */

/* A page's text alone, where the page stands on its own and packs are for search only. */
void fl_pack_add_text(struct fl_pack *pack, const char *key, const struct fl_source *source);
/* Ends all columns; then they can be squeezed one after the other. */
void fl_pack_close(struct fl_pack *pack);
void fl_pack_clear(struct fl_pack *pack);
void fl_pack_free(struct fl_pack *pack);

#endif
