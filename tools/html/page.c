/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * page.c: see page.h. Markup stays valid HTML5: end tags are left out only where the standard says so.
 */
#include "page.h"

#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "changes.h"
#include "name.h"
#include "pack.h"

static const char *title_of(const struct fl_report *report)
{
	const char *title = report->options->title;
	if (title && *title)
		return title;
	if (!report->model->races.looked)
		return "Coverage";
	return report->model->totals.lines.found ? "Coverage and races" : "Races";
}

void fl_page_path(const struct fl_tree *tree, uint32_t node, enum fl_tree_order order,
	char path[static FL_PAGE_PATH_BYTES])
{
	/* `~~` and a word cannot be the name of another page: see name.c. */
	static const char *const suffixes[] = {"", "~~percent", "~~missed"};
	const struct fl_tree_node *self = &tree->nodes[node];
	char name[FL_NAME_BYTES] = "index";
	const char *directory = "";
	if (self->file != FL_TREE_NONE) {
		directory = "file/";
		fl_name_page(self->path, self->path_length, name);
	} else if (node) {
		directory = "dir/";
		fl_name_page(self->path, self->path_length - 1, name);
	}
	snprintf(path, FL_PAGE_PATH_BYTES, "%s%s%s.html", directory, name, suffixes[order]);
}

/* Where the report begins, seen from this page. */
static void emit_root(const struct fl_page *page)
{
	if (page->place == FL_PAGE_BELOW)
		EMIT(page->out, "../");
}

/* Of a single file all but the overview is. */
static bool is_packed(const struct fl_report *report, const char *path)
{
	switch (report->options->form) {
	case FL_HTML_PAGES:
		return false;
	case FL_HTML_COMPACT:
		return !strncmp(path, "file/", 5);
	case FL_HTML_SINGLE:
		return strcmp(path, "index.html") != 0;
	}
	return false;
}

unsigned fl_page_orders(const struct fl_report *report)
{
	return report->options->form == FL_HTML_PAGES ? FL_TREE_ORDERS : 1;
}

int fl_page_open(
	struct fl_emit *out, const struct fl_report *report, const char *path, struct fl_error *error)
{
	enum fl_html_form form = report->options->form;
	if (is_packed(report, path))
		fl_pack_begin(out, path);
	else if (form == FL_HTML_SINGLE)
		fl_emit_begin(out);
	else
		return fl_emit_open(out, report->options->directory, path, error);
	return 0;
}

int fl_page_close(struct fl_emit *out, struct fl_error *error)
{
	if (out->packed) {
		fl_pack_end(out);
		return 0;
	}
	return fl_emit_close(out, error);
}

/* Packed pages are addressed by what stands after the #, and their anchors after a colon. */
static void emit_href(const struct fl_page *page, const char *path, const char *anchor, uint32_t number)
{
	struct fl_emit *out = page->out;
	enum fl_html_form form = page->report->options->form;
	bool packed = form == FL_HTML_SINGLE || is_packed(page->report, path);
	EMIT(out, "href=\"");
	if (form != FL_HTML_SINGLE)
		emit_root(page);
	if (packed && form == FL_HTML_COMPACT)
		EMIT(out, "view.html");
	if (packed)
		EMIT(out, "#");
	fl_emit_string(out, path);
	if (anchor) {
		fl_emit_string(out, packed ? ":" : "#");
		fl_emit_string(out, anchor);
		if (number)
			fl_emit_number(out, number);
	}
	EMIT(out, "\"");
}

void fl_page_href_path(const struct fl_page *page, const char *path, const char *anchor)
{
	emit_href(page, path, anchor, 0);
}

static void emit_node_href(const struct fl_page *page, uint32_t node, enum fl_tree_order order,
	const char *anchor, uint32_t line)
{
	char path[FL_PAGE_PATH_BYTES];
	if (order >= fl_page_orders(page->report))
		order = FL_TREE_BY_NAME;
	fl_page_path(&page->report->tree, node, order, path);
	emit_href(page, path, anchor, line);
}

void fl_page_href(const struct fl_page *page, uint32_t node, enum fl_tree_order order)
{
	emit_node_href(page, node, order, NULL, 0);
}

void fl_page_href_line(const struct fl_page *page, uint32_t node, uint32_t line)
{
	emit_node_href(page, node, FL_TREE_BY_NAME, line ? "L" : NULL, line);
}

uint32_t fl_page_node_of(const struct fl_report *report, const char *path)
{
	size_t low = 0, high = report->model->file_count;
	while (low < high) {
		size_t middle = low + (high - low) / 2;
		if (strcmp(report->model->files[middle].path, path) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	bool found = low < report->model->file_count && !strcmp(report->model->files[low].path, path);
	return found ? report->tree.node_of_file[low] : FL_TREE_NONE;
}

size_t fl_page_races(const struct fl_report *report)
{
	return fl_races_open(&report->model->races);
}

void fl_page_name(const struct fl_page *page, uint32_t node)
{
	const struct fl_tree_node *self = &page->report->tree.nodes[node];
	fl_emit_text(page->out, self->path + self->name_start, self->path_length - self->name_start);
}

/* Without the slash that a directory's name ends in: there is one between the crumbs. */
static void emit_crumb_name(const struct fl_page *page, uint32_t node)
{
	const struct fl_tree_node *self = &page->report->tree.nodes[node];
	size_t length = self->path_length - self->name_start;
	if (length > 1 && self->path[self->path_length - 1] == '/')
		length--;
	fl_emit_text(page->out, self->path + self->name_start, length);
}

static void emit_crumb(const struct fl_page *page, uint32_t node)
{
	if (node == 0)
		return;
	emit_crumb(page, page->report->tree.nodes[node].parent);
	EMIT(page->out, "<li><a ");
	fl_page_href(page, node, FL_TREE_BY_NAME);
	if (node == page->node)
		EMIT(page->out, " aria-current=page");
	EMIT(page->out, ">");
	emit_crumb_name(page, node);
	EMIT(page->out, "</a>");
}

static void emit_header(const struct fl_page *page)
{
	struct fl_emit *out = page->out;
	EMIT(out, "<header><nav aria-label=Breadcrumb><ol><li><a class=home ");
	fl_page_href(page, 0, FL_TREE_BY_NAME);
	if (page->node == 0 && !page->title)
		EMIT(out, " aria-current=page");
	EMIT(out, ">");
	if (page->report->options->form != FL_HTML_SINGLE) {
		EMIT(out, "<img src=\"");
		emit_root(page);
		EMIT(out, "icon.svg\" alt=\"\" width=20 height=20>");
	}
	fl_emit_string(out, title_of(page->report));
	EMIT(out, "</a>");
	emit_crumb(page, page->node);
	if (page->title) {
		if (strcmp(title_of(page->report), "Races")) {
			EMIT(out, "<li><a ");
			fl_page_href_path(page, "index.html", "races");
			EMIT(out, ">Races</a>");
		}
		EMIT(out, "<li><a aria-current=page href=#title>");
		fl_emit_string(out, page->title);
		EMIT(out, "</a>");
	}
	EMIT(out, "</ol></nav></header>\n");
}

/* A single file gets them when it is put together. */
static void emit_assets(const struct fl_page *page)
{
	struct fl_emit *out = page->out;
	EMIT(out, "<meta name=viewport content=\"width=device-width, initial-scale=1\">\n"
		  "<meta name=generator content=Furlong>\n");
	if (page->report->options->form == FL_HTML_SINGLE) {
		EMIT(out, "</head><body>\n");
		return;
	}
	EMIT(out, "<link rel=icon type=image/svg+xml href=\"");
	emit_root(page);
	EMIT(out, "icon.svg\">\n<link rel=stylesheet href=\"");
	emit_root(page);
	EMIT(out, "style.css\">\n<script defer src=\"");
	emit_root(page);
	EMIT(out, "script.js\"></script>\n</head><body>\n");
}

static void emit_doctype(const struct fl_page *page)
{
	struct fl_emit *out = page->out;
	EMIT(out, "<!doctype html>\n<html lang=en");
	if (page->kind == FL_PAGE_SHELL)
		EMIT(out, " data-form=view");
	else if (page->report->options->form == FL_HTML_SINGLE)
		EMIT(out, " data-form=single");
	else if (page->report->options->form == FL_HTML_COMPACT)
		EMIT(out, " data-sources=packed");
	EMIT(out, "><head><meta charset=utf-8>\n");
}

void fl_page_begin(const struct fl_page *page, const char *skip_to)
{
	struct fl_emit *out = page->out;
	const struct fl_tree_node *self = &page->report->tree.nodes[page->node];
	if (!out->packed)
		emit_doctype(page);
	EMIT(out, "<title>");
	if (page->title) {
		fl_emit_string(out, page->title);
		EMIT(out, " – ");
	} else if (page->node) {
		fl_emit_text(out, self->path, self->path_length);
		EMIT(out, " – ");
	}
	if (!page->title && (self->totals.lines.found || !page->report->model->races.looked)) {
		fl_emit_percent(out, self->totals.lines);
		EMIT(out, " of lines – ");
	}
	fl_emit_string(out, title_of(page->report));
	EMIT(out, "</title>\n");
	if (!out->packed)
		emit_assets(page);
	EMIT(out, "<a class=skip href=\"#");
	fl_emit_string(out, skip_to);
	EMIT(out, "\">Skip to content</a>\n");
	emit_header(page);
	EMIT(out, "<main>\n");
}

void fl_page_end(const struct fl_page *page)
{
	const struct fl_html_options *options = page->report->options;
	struct fl_emit *out = page->out;
	if (out->packed)
		return;
	EMIT(out, "</main>\n<footer>Furlong " FURLONG_VERSION);
	if (options->command) {
		EMIT(out, " <code>");
		fl_emit_string(out, options->command);
		EMIT(out, "</code>");
	}
	if (options->time) {
		EMIT(out, " <span>");
		fl_emit_string(out, options->time);
		EMIT(out, "</span>");
	}
	EMIT(out, " <a ");
	fl_page_href_path(page, "help.html", NULL);
	EMIT(out, ">How to read a page</a></footer>\n</body></html>\n");
}

/* Widths are classes w0 to w100, because pages may not carry style attributes. Only a full bar is full, and
 * only an empty one empty. */
void fl_page_bar(struct fl_emit *out, struct fl_ratio ratio)
{
	uint64_t width = ratio.found ? (uint64_t)(100.0 * (double)ratio.hit / (double)ratio.found) : 0;
	if (width > 99)
		width = ratio.hit < ratio.found ? 99 : 100;
	if (width == 0 && ratio.hit)
		width = 1;
	if (ratio.found)
		EMIT(out, "<b class=m>");
	else
		EMIT(out, "<b class=\"m e\">");
	if (width) {
		EMIT(out, "<i class=w");
		fl_emit_number(out, width);
		EMIT(out, "></i>");
	}
	EMIT(out, "</b>");
}

static void emit_total(
	const struct fl_page *page, const char *what, struct fl_ratio ratio, struct fl_ratio base)
{
	struct fl_emit *out = page->out;
	EMIT(out, "<div><dt>");
	fl_emit_string(out, what);
	EMIT(out, "<dd><strong>");
	fl_emit_percent(out, ratio);
	EMIT(out, "</strong> <span>");
	if (ratio.found) {
		fl_emit_grouped(out, ratio.hit);
		EMIT(out, " of ");
		fl_emit_grouped(out, ratio.found);
	} else {
		EMIT(out, "none here");
	}
	EMIT(out, "</span>");
	fl_changes_emit_points(page, ratio, base);
	fl_page_bar(out, ratio);
	EMIT(out, "</div>\n");
}

/* Of the whole: how many races, and where to read on. */
static void emit_races(const struct fl_page *page)
{
	const struct fl_races *races = &page->report->model->races;
	struct fl_emit *out = page->out;
	if (page->node || !races->looked)
		return;
	EMIT(out, "<div><dt>Races<dd><strong>");
	if (fl_page_races(page->report)) {
		EMIT(out, "<a href=#races>");
		fl_emit_grouped(out, fl_page_races(page->report));
		EMIT(out, "</a></strong> <span>in ");
	} else {
		EMIT(out, "none</strong> <span>in ");
	}
	fl_emit_grouped(out, races->processes);
	if (races->processes == 1)
		EMIT(out, " process</span></div>\n");
	else
		EMIT(out, " processes</span></div>\n");
}

void fl_page_totals(const struct fl_page *page, const struct fl_totals *totals)
{
	const struct fl_diff *diff = page->node ? NULL : page->report->model->diff;
	struct fl_totals base = {0};
	struct fl_emit *out = page->out;
	if (diff && diff->has_base)
		base = diff->base_totals;
	EMIT(out, "<dl class=totals>\n");
	emit_total(page, "Lines", totals->lines, base.lines);
	emit_total(page, "Branches", totals->branches, base.branches);
	emit_total(page, "Functions", totals->functions, base.functions);
	emit_total(page, "Regions", totals->regions, base.regions);
	if (totals->mcdc.found)
		emit_total(page, "MC/DC", totals->mcdc, base.mcdc);
	emit_races(page);
	EMIT(out, "</dl>\n");
}

static void emit_ratio_start(struct fl_emit *out, struct fl_ratio ratio)
{
	EMIT(out, "<td title=\"");
	fl_emit_number(out, ratio.hit);
	EMIT(out, " of ");
	fl_emit_number(out, ratio.found);
	EMIT(out, "\">");
}

void fl_page_ratio_cell(struct fl_emit *out, struct fl_ratio ratio, enum fl_page_bar bar)
{
	if (ratio.found)
		emit_ratio_start(out, ratio);
	else
		EMIT(out, "<td>");
	if (bar == FL_PAGE_WITH_BAR)
		fl_page_bar(out, ratio);
	fl_emit_percent(out, ratio);
}
