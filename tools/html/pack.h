/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * pack.h: pages taken apart so that they deflate to about the size of their sources: the rows of code become
 * columns, numbers with numbers and text with text. script/data.js puts them together again.
 */
#ifndef FURLONG_HTML_PACK_H
#define FURLONG_HTML_PACK_H

#include "source.h"
#include "squeeze.h"

/* A bundle's columns; of each, what belongs to a page ends where the next one's begins. */
enum fl_pack_column {
	FL_PACK_KEYS,   /* file/main.c.html */
	FL_PACK_PAGES,  /* from title to </main>; \1FIRST,COUNT; stands for so many rows from line FIRST on */
	FL_PACK_STARTS, /* of each row: its class, and what stands in its first cell instead of the
			   number */
	FL_PACK_COUNTS, /* second cell: its content, after a space if attributes come before */
	FL_PACK_BRANCHES, /* third cell */
	FL_PACK_TEXTS,    /* fourth cell */
	FL_PACK_COLUMNS,
};

struct fl_pack {
	struct fl_bag columns[FL_PACK_COLUMNS];
};

void fl_pack_add(struct fl_pack *pack, const char *key, const char *page, size_t length);
/* A page's text alone, where the page stands on its own and packs are for search only. */
void fl_pack_add_text(struct fl_pack *pack, const char *key, const struct fl_source *source);
/* All columns, one after the other; then the pack is empty again. */
void fl_pack_take(struct fl_pack *pack, struct fl_bag *out);
void fl_pack_free(struct fl_pack *pack);

#endif
