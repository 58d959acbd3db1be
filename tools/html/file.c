/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * file.c: see file.h. Heading, what is wrong with the source if anything is, the ways out, the functions,
 * then the lines.
 */
#include "file.h"

#include "code.h"
#include "instances.h"

enum {
	FUNCTIONS_SHOWN = 12,  /* more than these stay folded until asked for */
	FUNCTIONS_AHEAD = 300, /* more than these stand below the lines */
};

static bool is_complete(const struct fl_file *file)
{
	const struct fl_totals *t = &file->totals;
	return t->lines.hit == t->lines.found && t->branches.hit == t->branches.found &&
	       t->regions.hit == t->regions.found;
}

/* The file after (or before) this one where something is left to cover, as a node; FL_TREE_NONE at the end.
 */
static uint32_t neighbour(const struct fl_report *report, uint32_t file, int step)
{
	const struct fl_model *model = report->model;
	for (uint32_t i = file + (uint32_t)step; i < model->file_count; i += (uint32_t)step)
		if (!is_complete(&model->files[i]))
			return report->tree.node_of_file[i];
	return FL_TREE_NONE;
}

static void emit_source_state(struct fl_emit *out, const struct fl_file *file, bool found)
{
	const char *where = file->disk_path ? file->disk_path : file->path;
	if (!found) {
		EMIT(out, "<p class=warning>The source is missing: <code>");
		fl_emit_string(out, where);
		EMIT(out, "</code> could not be read. Only the lines with counts are shown, without their "
			  "text.</p>\n");
	} else if (file->source == FL_SOURCE_CHANGED) {
		EMIT(out, "<p class=warning>The source has changed since it was compiled: counts may stand "
			  "beside the "
			  "wrong lines. Build again, or report on the source that was built.</p>\n");
	}
}

static void emit_ways(
	const struct fl_page *page, const struct fl_judge *judge, uint32_t before, uint32_t after)
{
	struct fl_emit *out = page->out;
	EMIT(out, "<nav class=ways aria-label=Uncovered>");
	if (judge->head_count) {
		EMIT(out, "<a href=#L");
		fl_emit_number(out, judge->heads[0]);
		EMIT(out, ">↓ First uncovered: line ");
		fl_emit_number(out, judge->heads[0]);
		EMIT(out, "</a> ");
	} else {
		EMIT(out, "<span>✓ Nothing left to cover</span> ");
	}
	if (before != FL_TREE_NONE) {
		EMIT(out, "<a rel=prev ");
		fl_page_href(page, before, FL_TREE_BY_NAME);
		EMIT(out, ">← Previous incomplete: ");
		fl_page_name(page, before);
		EMIT(out, "</a> ");
	}
	if (after != FL_TREE_NONE) {
		EMIT(out, "<a rel=next ");
		fl_page_href(page, after, FL_TREE_BY_NAME);
		EMIT(out, ">→ Next incomplete: ");
		fl_page_name(page, after);
		EMIT(out, "</a>");
	}
	EMIT(out, "</nav>\n");
}

static void emit_function(struct fl_emit *out, const struct fl_file *file, const struct fl_function *function)
{
	if (function->excluded)
		EMIT(out, "<tr class=x><th scope=row><a href=#L");
	else if (function->count == 0)
		EMIT(out, "<tr class=u><th scope=row><a href=#L");
	else
		EMIT(out, "<tr><th scope=row><a href=#L");
	fl_emit_number(out, function->start.line);
	if (function->linkage && function->name && function->linkage != function->name) {
		EMIT(out, " title=\"");
		fl_emit_string(out, function->linkage);
		EMIT(out, "\"");
	}
	EMIT(out, ">");
	fl_emit_string(out, function->name);
	EMIT(out, "</a>");
	fl_instances_emit(out, function);
	if (function->excluded)
		EMIT(out, " <small>excluded</small>");
	EMIT(out, "<td>");
	fl_emit_number(out, function->start.line);
	EMIT(out, "<td>");
	fl_emit_grouped(out, function->count);
	fl_page_ratio_cell(out, fl_function_totals(file, function).lines, FL_PAGE_WITH_BAR);
	EMIT(out, "\n");
}

/* `12 functions, 3 never called` */
static void emit_function_numbers(struct fl_emit *out, const struct fl_file *file)
{
	uint64_t never = file->totals.functions.found - file->totals.functions.hit;
	fl_emit_grouped(out, file->function_count);
	if (file->function_count == 1)
		EMIT(out, " function");
	else
		EMIT(out, " functions");
	if (!never)
		return;
	EMIT(out, ", ");
	fl_emit_grouped(out, never);
	EMIT(out, " never called");
}

static void emit_function_table(struct fl_emit *out, const struct fl_file *file)
{
	EMIT(out, "<table class=list>\n<thead><tr><th scope=col>Function<th scope=col>Line"
		  "<th scope=col>Calls<th scope=col>Lines\n<tbody>\n");
	for (size_t i = 0; i < file->function_count; i++)
		emit_function(out, file, &file->functions[i]);
	EMIT(out, "</table>");
}

static bool are_functions_ahead(const struct fl_file *file)
{
	return file->function_count <= FUNCTIONS_AHEAD;
}

/* Before the lines: the functions, or the way to them. */
static void emit_functions(struct fl_emit *out, const struct fl_file *file)
{
	if (file->function_count == 0)
		return;
	if (!are_functions_ahead(file)) {
		EMIT(out, "<p class=functions><a href=#functions>↓ ");
		emit_function_numbers(out, file);
		EMIT(out, "</a></p>\n");
		return;
	}
	if (file->function_count <= FUNCTIONS_SHOWN)
		EMIT(out, "<details class=functions open><summary>");
	else
		EMIT(out, "<details class=functions><summary>");
	emit_function_numbers(out, file);
	EMIT(out, "</summary>\n");
	emit_function_table(out, file);
	EMIT(out, "</details>\n");
}

/* Where there are very many, so that the first lines need not wait for them. script/view.js knows how this
 * begins. */
static void emit_functions_below(struct fl_emit *out, const struct fl_file *file)
{
	if (are_functions_ahead(file))
		return;
	EMIT(out, "<section id=functions class=\"functions long\" aria-labelledby=functions-title>\n"
		  "<h2 id=functions-title>");
	emit_function_numbers(out, file);
	EMIT(out, "</h2>\n");
	emit_function_table(out, file);
	EMIT(out, "</section>\n");
}

/* The lines with races. */
static void emit_race_ways(const struct fl_page *page, const struct fl_file *file)
{
	struct fl_emit *out = page->out;
	size_t count;
	const struct fl_race_mark *marks = fl_race_marks_of(&page->report->marks, file->path, &count);
	if (!count)
		return;
	EMIT(out, "<nav class=\"ways raceways\" aria-label=Races><span>");
	fl_emit_grouped(out, fl_race_marks_races(marks, count));
	if (fl_race_marks_races(marks, count) == 1)
		EMIT(out, " race:</span>");
	else
		EMIT(out, " races:</span>");
	for (size_t i = 0; i < count; i++) {
		if (i && marks[i].line == marks[i - 1].line)
			continue;
		EMIT(out, " <a href=#L");
		fl_emit_number(out, marks[i].line);
		EMIT(out, ">line ");
		fl_emit_number(out, marks[i].line);
		EMIT(out, "</a>");
	}
	EMIT(out, "</nav>\n");
}

static void emit_page(struct fl_file_writer *writer, uint32_t index, bool found)
{
	const struct fl_report *report = writer->report;
	const struct fl_file *file = &report->model->files[index];
	/* A packed page stands where the page that shows it stands. */
	enum fl_page_place place = report->options->form == FL_HTML_PAGES ? FL_PAGE_BELOW : FL_PAGE_TOP;
	struct fl_page page = {
		writer->out, report, place, report->tree.node_of_file[index], NULL, FL_PAGE_WHOLE};
	uint32_t before = neighbour(report, index, -1), after = neighbour(report, index, 1);
	fl_judge_file(&writer->judge, file, &writer->source);
	fl_page_begin(&page, "code");
	EMIT(page.out, "<h1>");
	fl_emit_string(page.out, file->path);
	EMIT(page.out, "</h1>\n");
	emit_source_state(page.out, file, found);
	if (file->line_count || !report->tree.nodes[page.node].races) {
		fl_page_totals(&page, &file->totals);
		emit_ways(&page, &writer->judge, before, after);
	} else {
		EMIT(page.out, "<p>There is no coverage of this file: it is here for its races.</p>\n");
	}
	emit_race_ways(&page, file);
	emit_functions(page.out, file);
	fl_test_parts_emit(&report->test_marks, page.out, file->path);
	writer->texts.own_path = file->path;
	writer->texts.own = &writer->source;
	fl_code_emit(&page, &writer->judge, &writer->texts, after);
	emit_functions_below(page.out, file);
	fl_page_end(&page);
}

int fl_file_write(struct fl_file_writer *writer, uint32_t index, struct fl_error *error)
{
	const struct fl_report *report = writer->report;
	const struct fl_file *file = &report->model->files[index];
	char path[FL_PAGE_PATH_BYTES];
	bool found = file->source != FL_SOURCE_MISSING &&
		     fl_source_load(&writer->source, file->disk_path ? file->disk_path : file->path);
	if (!found)
		fl_source_clear(&writer->source);
	fl_page_path(&report->tree, report->tree.node_of_file[index], FL_TREE_BY_NAME, path);
	if (fl_page_open(writer->out, report, path, error))
		return -1;
	emit_page(writer, index, found);
	return fl_page_close(writer->out, error);
}

void fl_file_free(struct fl_file_writer *writer)
{
	fl_source_free(&writer->source);
	fl_judge_free(&writer->judge);
	fl_texts_free(&writer->texts);
}
