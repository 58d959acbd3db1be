/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * list.c: see list.h. A list shows as many levels of the tree as fit in a page that is pleasant to read;
 * directories that stay closed have pages of their own.
 */
#include "list.h"

#include <stdlib.h>
#include <string.h>

#include "changes.h"
#include "ends.h"
#include "race_page.h"
#include "treemap.h"
#include "util/memory.h"

enum {
	ROWS_OF_INDEX = 250,
	ROWS_OF_DIRECTORY = 80,
	WORST_SHOWN = 8,     /* files on the index under "where to look first" */
	DEEPEST_INDENT = 12, /* classes i1 to i12 */
};

struct list {
	struct fl_page page;
	enum fl_tree_order order;
	bool *opened; /* by node: its children are listed here */
};

/* Opens directories breadth first while their children fit. */
static void choose_opened(struct list *list)
{
	const struct fl_tree *tree = &list->page.report->tree;
	uint32_t root = list->page.node, from = 0, to = 0;
	size_t rows = 0, limit = root ? ROWS_OF_DIRECTORY : ROWS_OF_INDEX;
	uint32_t *queue = fl_resize(NULL, tree->count, sizeof *queue);
	queue[to++] = root;
	while (from < to) {
		const struct fl_tree_node *node = &tree->nodes[queue[from]];
		if (queue[from] != root && rows + node->children > limit)
			break;
		rows += node->children;
		list->opened[queue[from++]] = true;
		for (uint32_t i = node->first; i != FL_TREE_NONE; i = tree->nodes[i].next)
			if (tree->nodes[i].file == FL_TREE_NONE)
				queue[to++] = i;
	}
	free(queue);
}

/* Whether there is coverage to speak of; without it the lists are of races only. */
static bool is_covered(const struct fl_page *page)
{
	const struct fl_model *model = page->report->model;
	return model->totals.lines.found || !model->races.looked;
}

static void emit_coverage_cells(struct fl_emit *out, const struct fl_totals *totals)
{
	fl_page_ratio_cell(out, totals->lines, FL_PAGE_WITH_BAR);
	EMIT(out, "<td>");
	fl_emit_grouped(out, totals->lines.found - totals->lines.hit);
	EMIT(out, "<td>");
	fl_emit_grouped(out, totals->lines.found);
	fl_page_ratio_cell(out, totals->branches, FL_PAGE_NO_BAR);
	fl_page_ratio_cell(out, totals->functions, FL_PAGE_NO_BAR);
}

static void emit_row(const struct list *list, uint32_t node, unsigned depth)
{
	struct fl_emit *out = list->page.out;
	const struct fl_tree_node *self = &list->page.report->tree.nodes[node];
	if (self->file == FL_TREE_NONE)
		EMIT(out, "<tr class=d><th scope=row class=i");
	else
		EMIT(out, "<tr><th scope=row class=i");
	fl_emit_number(out, depth < DEEPEST_INDENT ? depth : DEEPEST_INDENT);
	EMIT(out, "><a ");
	fl_page_href(&list->page, node, self->file == FL_TREE_NONE ? list->order : FL_TREE_BY_NAME);
	EMIT(out, ">");
	fl_page_name(&list->page, node);
	EMIT(out, "</a>");
	if (is_covered(&list->page))
		emit_coverage_cells(out, &self->totals);
	if (fl_page_races(list->page.report)) {
		EMIT(out, "<td>");
		if (self->races)
			fl_emit_grouped(out, self->races);
	}
	EMIT(out, "\n");
}

static void emit_rows(const struct list *list, uint32_t parent, unsigned depth)
{
	const struct fl_tree *tree = &list->page.report->tree;
	uint32_t count = tree->nodes[parent].children;
	uint32_t *items = fl_resize(NULL, count + 1u, sizeof *items);
	fl_tree_sort(tree, parent, list->order, items);
	for (uint32_t i = 0; i < count; i++) {
		emit_row(list, items[i], depth);
		if (list->opened[items[i]])
			emit_rows(list, items[i], depth + 1);
	}
	free(items);
}

/* A column that has a page sorted by it. */
static void emit_sorted_heading(const struct list *list, const char *name, enum fl_tree_order order)
{
	struct fl_emit *out = list->page.out;
	EMIT(out, "<th scope=col");
	if (order == list->order && order == FL_TREE_BY_MISSED)
		EMIT(out, " aria-sort=descending");
	else if (order == list->order)
		EMIT(out, " aria-sort=ascending");
	EMIT(out, "><a ");
	fl_page_href(&list->page, list->page.node, order);
	EMIT(out, ">");
	fl_emit_string(out, name);
	EMIT(out, "</a>");
}

static void emit_table(const struct list *list)
{
	struct fl_emit *out = list->page.out;
	if (is_covered(&list->page))
		EMIT(out, "<table class=list id=list>\n<caption>Coverage by directory and file</caption>\n"
			  "<thead><tr>");
	else
		EMIT(out, "<table class=\"list bare\" id=list>\n<caption>Files with "
			  "races</caption>\n<thead><tr>");
	emit_sorted_heading(list, "Name", FL_TREE_BY_NAME);
	if (is_covered(&list->page)) {
		emit_sorted_heading(list, "Lines", FL_TREE_BY_PERCENT);
		emit_sorted_heading(list, "Missed", FL_TREE_BY_MISSED);
		EMIT(out, "<th scope=col>Total<th scope=col>Branches<th scope=col>Functions");
	}
	if (fl_page_races(list->page.report))
		EMIT(out, "<th scope=col>Races");
	EMIT(out, "\n<tbody>\n");
	emit_rows(list, list->page.node, 1);
	EMIT(out, "</table>\n");
}

static void emit_notes(const struct fl_page *page)
{
	const struct fl_model *model = page->report->model;
	struct fl_emit *out = page->out;
	bool complete = fl_model_complete(model);
	if (complete)
		EMIT(out, "<p class=whole>Complete: nothing was lost.</p>\n");
	if (model->note_count == 0)
		return;
	if (complete)
		EMIT(out, "<section class=notes aria-labelledby=notes><h2 id=notes>Notes</h2>\n<ul>\n");
	else
		EMIT(out, "<section class=\"notes lost\" aria-labelledby=notes><h2 id=notes>Not complete: "
			  "something was lost"
			  "</h2>\n<ul>\n");
	for (size_t i = 0; i < model->note_count; i++) {
		EMIT(out, "<li>");
		if (model->notes[i].lost && !complete)
			EMIT(out, "<strong>Lost:</strong> ");
		fl_emit_string(out, model->notes[i].text);
		EMIT(out, "\n");
	}
	EMIT(out, "</ul></section>\n");
}

/* How many modules from this one on are one file, each with the counts of another label. */
static size_t count_alike(const struct fl_model *model, size_t first)
{
	size_t next = first + 1;
	while (next < model->module_count && !strcmp(model->modules[next].path, model->modules[first].path))
		next++;
	return next - first;
}

static void emit_module(struct fl_emit *out, const struct fl_module *module, size_t alike)
{
	EMIT(out, "<li><code>");
	fl_emit_string(out, module->path);
	EMIT(out, "</code>");
	if (alike > 1) {
		EMIT(out, " <span>of ");
		fl_emit_grouped(out, alike);
		EMIT(out, " tests or builds</span>");
	} else if (module->label && *module->label) {
		EMIT(out, " <span>");
		fl_emit_string(out, module->label);
		EMIT(out, "</span>");
	}
	EMIT(out, "\n");
}

static void emit_modules(const struct fl_page *page)
{
	const struct fl_model *model = page->report->model;
	struct fl_emit *out = page->out;
	size_t binaries = 0;
	for (size_t i = 0; i < model->module_count; i += count_alike(model, i))
		binaries++;
	if (!binaries)
		return;
	EMIT(out, "<details class=modules><summary>Measured: ");
	fl_emit_grouped(out, binaries);
	if (binaries == 1)
		EMIT(out, " binary</summary>\n<ul>\n");
	else
		EMIT(out, " binaries</summary>\n<ul>\n");
	for (size_t i = 0; i < model->module_count; i += count_alike(model, i))
		emit_module(out, &model->modules[i], count_alike(model, i));
	EMIT(out, "</ul></details>\n");
}

struct worst {
	uint32_t file;
	uint64_t missed;
};

static int compare_worst(const void *left, const void *right)
{
	const struct worst *a = left, *b = right;
	if (a->missed != b->missed)
		return a->missed > b->missed ? -1 : 1;
	return a->file < b->file ? -1 : 1;
}

static void emit_worst(const struct fl_page *page)
{
	const struct fl_model *model = page->report->model;
	struct fl_emit *out = page->out;
	struct worst *worst = fl_resize(NULL, model->file_count, sizeof *worst);
	for (size_t i = 0; i < model->file_count; i++)
		worst[i] = (struct worst){
			(uint32_t)i, model->files[i].totals.lines.found - model->files[i].totals.lines.hit};
	qsort(worst, model->file_count, sizeof *worst, compare_worst);
	if (!worst[0].missed) {
		free(worst);
		return;
	}
	EMIT(out, "<section aria-labelledby=worst><h2 id=worst>Most missed lines</h2>\n<ol class=worst>\n");
	for (size_t i = 0; i < WORST_SHOWN && worst[i].missed; i++) {
		EMIT(out, "<li><a ");
		fl_page_href(page, page->report->tree.node_of_file[worst[i].file], FL_TREE_BY_NAME);
		EMIT(out, ">");
		fl_emit_string(out, model->files[worst[i].file].path);
		EMIT(out, "</a> <span>");
		fl_emit_grouped(out, worst[i].missed);
		EMIT(out, " missed</span>\n");
	}
	EMIT(out, "</ol></section>\n");
	free(worst);
}

static void emit_heading(const struct fl_page *page)
{
	const struct fl_tree_node *self = &page->report->tree.nodes[page->node];
	struct fl_emit *out = page->out;
	EMIT(out, "<h1 id=title>");
	if (page->node)
		fl_emit_text(out, self->path, self->path_length);
	else if (!is_covered(page))
		EMIT(out, "Races");
	else if (page->report->model->races.looked)
		EMIT(out, "Coverage and races");
	else
		EMIT(out, "Coverage");
	EMIT(out, " <span>");
	if (!page->node && !is_covered(page)) {
		fl_emit_grouped(out, fl_page_races(page->report));
	} else {
		fl_emit_grouped(out, self->files);
		if (self->files == 1)
			EMIT(out, " file");
		else
			EMIT(out, " files");
	}
	EMIT(out, "</span>");
	if (!page->node)
		fl_test_way_emit(page);
	EMIT(out, "</h1>\n");
	if (is_covered(page))
		fl_page_totals(page, &self->totals);
}

/* What was lost comes first; what is merely to be known, after the races. */
static void emit_top(const struct fl_page *page)
{
	bool complete = fl_model_complete(page->report->model);
	if (!complete)
		emit_notes(page);
	fl_changes_emit(page);
	fl_race_list_emit(page);
	fl_ends_emit(page);
	if (complete)
		emit_notes(page);
}

static void emit_list(const struct list *list)
{
	const struct fl_page *page = &list->page;
	const struct fl_tree_node *self = &page->report->tree.nodes[page->node];
	fl_page_begin(page, "list");
	emit_heading(page);
	if (page->node == 0)
		emit_top(page);
	if (self->files == 0 && page->report->model->races.looked)
		EMIT(page->out, "<p id=list></p>\n");
	else if (self->files == 0)
		EMIT(page->out, "<p id=list>There is no instrumented file in these data.</p>\n");
	else {
		if (is_covered(page))
			fl_treemap_emit(page);
		if (page->node == 0 && self->files > 2 * WORST_SHOWN)
			emit_worst(page);
		emit_table(list);
	}
	if (page->node == 0) {
		fl_test_list_emit(page);
		fl_calm_ends_emit(page);
		emit_modules(page);
		fl_race_looked_emit(page);
	}
	fl_page_end(page);
}

int fl_list_write(struct fl_emit *out, const struct fl_report *report, uint32_t node, struct fl_error *error)
{
	struct list list = {
		.page = {out, report, node ? FL_PAGE_BELOW : FL_PAGE_TOP, node, NULL, FL_PAGE_WHOLE}};
	int status = 0;
	list.opened = fl_resize(NULL, report->tree.count, sizeof *list.opened);
	memset(list.opened, 0, report->tree.count * sizeof *list.opened);
	choose_opened(&list);
	for (list.order = 0; list.order < fl_page_orders(report) && status == 0; list.order++) {
		char path[FL_PAGE_PATH_BYTES];
		fl_page_path(&report->tree, node, list.order, path);
		status = fl_page_open(out, report, path, error);
		if (status == 0) {
			emit_list(&list);
			status = fl_page_close(out, error);
		}
	}
	free(list.opened);
	return status;
}
