/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * expand.c: see expand.h. Only uses that miss an outcome unfold: of the others the lines of the macro say
 * enough. What unfolds is a <details>, which needs no script.
 */
#include "expand.h"

#include <stdlib.h>
#include <string.h>

#include "util/memory.h"

enum { MOST_TEXT = 100 };

void fl_texts_free(struct fl_texts *texts)
{
	for (size_t i = 0; i < texts->count; i++)
		fl_source_free(&texts->items[i].source);
	free(texts->items);
}

/* The source of a file of the model; one that is not there has no lines. */
static const struct fl_source *find_text(struct fl_texts *texts, const struct fl_file *file)
{
	if (file->path == texts->own_path)
		return texts->own;
	for (size_t i = 0; i < texts->count; i++)
		if (texts->items[i].path == file->path)
			return &texts->items[i].source;
	struct fl_text *text = FL_PUSH(texts->items, texts->count, texts->capacity);
	*text = (struct fl_text){.path = file->path};
	if (file->source != FL_SOURCE_MISSING)
		fl_source_load(&text->source, file->disk_path ? file->disk_path : file->path);
	return &text->source;
}

bool fl_expand_wanted(const struct fl_condition *condition)
{
	return condition->count && condition->branches[condition->count - 1].macro;
}

/* `lobject.h:12`, a link where that has a page. */
static void emit_place(
	const struct fl_page *page, const struct fl_file *file, const struct fl_branch *branch, uint32_t node)
{
	struct fl_emit *out = page->out;
	EMIT(out, "<a ");
	if (!strcmp(branch->macro, file->path)) {
		EMIT(out, "href=#L");
		fl_emit_number(out, branch->in_macro.line);
	} else if (node != FL_TREE_NONE) {
		fl_page_href_line(page, node, branch->in_macro.line);
	}
	EMIT(out, ">");
	if (strcmp(branch->macro, file->path)) {
		const char *slash = strrchr(branch->macro, '/');
		fl_emit_string(out, slash ? slash + 1 : branch->macro);
		EMIT(out, ":");
	} else {
		EMIT(out, "line ");
	}
	fl_emit_number(out, branch->in_macro.line);
	EMIT(out, "</a> ");
}

/* The text of the condition in the macro, as far as it stands on one line. */
static void emit_text(
	const struct fl_page *page, struct fl_texts *texts, const struct fl_branch *branch, uint32_t node)
{
	if (node == FL_TREE_NONE)
		return;
	const struct fl_report *report = page->report;
	const struct fl_file *file = &report->model->files[report->tree.nodes[node].file];
	size_t length, from = branch->in_macro.column - 1u;
	const char *text = fl_source_line(find_text(texts, file), branch->in_macro.line, &length);
	size_t to = branch->in_macro_end.line == branch->in_macro.line ? branch->in_macro_end.column - 1u
								       : length;
	if (from >= length || to <= from)
		return;
	to = to < length ? to : length;
	bool cut = to - from > MOST_TEXT || branch->in_macro_end.line != branch->in_macro.line;
	if (to - from > MOST_TEXT)
		to = from + MOST_TEXT;
	EMIT(page->out, "<code>");
	fl_emit_text(page->out, text + from, to - from);
	if (cut)
		EMIT(page->out, "…");
	EMIT(page->out, "</code> ");
}

void fl_expand_emit_text(const struct fl_page *page, struct fl_texts *texts, const struct fl_branch *branch)
{
	emit_text(page, texts, branch, fl_page_node_of(page->report, branch->macro));
}

static void emit_item(const struct fl_page *page, struct fl_texts *texts, const struct fl_file *file,
	const struct fl_branch *branch)
{
	struct fl_ratio outcomes = fl_branch_outcomes(branch);
	if (!outcomes.found)
		return;
	if (outcomes.hit < outcomes.found)
		EMIT(page->out, "<li class=p>");
	else
		EMIT(page->out, "<li>");
	if (branch->macro) {
		uint32_t node = fl_page_node_of(page->report, branch->macro);
		emit_place(page, file, branch, node);
		emit_text(page, texts, branch, node);
	} else {
		EMIT(page->out, "here ");
	}
	fl_condition_emit_counts(page->out, branch);
}

/* The macro's name: what the use begins with. */
static void emit_name(struct fl_emit *out, const struct fl_condition *condition, const char *line)
{
	size_t end = condition->start;
	while (end < condition->end && line[end] != '(' && line[end] != ' ' && line[end] != '\t')
		end++;
	fl_emit_text(out, line + condition->start, end - condition->start);
}

void fl_expand_emit(const struct fl_page *page, struct fl_texts *texts, const struct fl_file *file,
	const struct fl_condition *condition, const char *line)
{
	struct fl_emit *out = page->out;
	EMIT(out, "<details class=e><summary>in ");
	emit_name(out, condition, line);
	EMIT(out, "</summary><ul>");
	for (size_t i = 0; i < condition->count; i++)
		emit_item(page, texts, file, &condition->branches[i]);
	EMIT(out, "</ul></details>");
}
