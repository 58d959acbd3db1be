/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * page.h: what all pages have in common: head, way home, totals, bars, links, foot.
 *
 * struct fl_report is read-only while pages are being written, so that threads share it.
 */
#ifndef FURLONG_HTML_PAGE_H
#define FURLONG_HTML_PAGE_H

#include "emit.h"
#include "html.h"
#include "race_groups.h"
#include "race_marks.h"
#include "test_marks.h"
#include "tree.h"

struct fl_report {
	const struct fl_model *model; /* its files are those that have a page: with code, or with races */
	const struct fl_html_options *options;
	struct fl_tree tree;
	struct fl_race_marks marks;
	struct fl_ending_marks ends;
	struct fl_race_groups groups;
	struct fl_test_marks test_marks;
	bool header_is_cxx; /* there is C++ among the files, so a .h may be C++ */
};

enum fl_page_place { FL_PAGE_TOP, FL_PAGE_BELOW }; /* beside index.html, or in a directory below it */

struct fl_page {
	struct fl_emit *out;
	const struct fl_report *report;
	enum fl_page_place place;
	uint32_t node;     /* what the page is about; 0 is the whole */
	const char *title; /* of a page about something that is not in the tree; NULL: about the node */
	enum fl_page_kind { FL_PAGE_WHOLE, FL_PAGE_SHELL } kind; /* a shell is filled by script */
};

/* A page is begun with fl_page_open(), and goes where pages of that path go in this form of report. */
int fl_page_open(
	struct fl_emit *out, const struct fl_report *report, const char *path, struct fl_error *error);
int fl_page_close(struct fl_emit *out, struct fl_error *error);

/* file/NAME.html or dir/NAME.html: where the page of a node stands in the report. */
enum { FL_PAGE_PATH_BYTES = 200 };
void fl_page_path(const struct fl_tree *tree, uint32_t node, enum fl_tree_order order,
	char path[static FL_PAGE_PATH_BYTES]);

/* In how many orders lists are written: in one, where script sorts. */
unsigned fl_page_orders(const struct fl_report *report);

/* From <!doctype> to <main>; `skip_to` is the id that keyboard users can jump to. */
void fl_page_begin(const struct fl_page *page, const char *skip_to);
void fl_page_end(const struct fl_page *page);

/* href="..." of a page by its path in the report, at an anchor unless NULL. */
void fl_page_href_path(const struct fl_page *page, const char *path, const char *anchor);

/* href="..." of a node's page, relative to this one. */
void fl_page_href(const struct fl_page *page, uint32_t node, enum fl_tree_order order);

/* The same, of a line of a file. */
void fl_page_href_line(const struct fl_page *page, uint32_t node, uint32_t line);
/* The node of the file shown under this path, or FL_TREE_NONE. */
uint32_t fl_page_node_of(const struct fl_report *report, const char *path);
/* How many races are not suppressed. */
size_t fl_page_races(const struct fl_report *report);

/* The part of a node's path that is its own: `core/`, `main.c`. */
void fl_page_name(const struct fl_page *page, uint32_t node);

/* A bar; says nothing that does not stand beside it as a number. */
void fl_page_bar(struct fl_emit *out, struct fl_ratio ratio);

/* Lines, branches, functions, regions, MC/DC where there is any; of the whole, races. */
void fl_page_totals(const struct fl_page *page, const struct fl_totals *totals);

/* <td> with a percentage; `12 of 20` is its title. */
enum fl_page_bar { FL_PAGE_NO_BAR, FL_PAGE_WITH_BAR };
void fl_page_ratio_cell(struct fl_emit *out, struct fl_ratio ratio, enum fl_page_bar bar);

#endif
