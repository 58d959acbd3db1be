/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * changes.c: see changes.h. The twelve categories in four groups that a reader acts on: new code that never
 * ran, what was lost, what was gained, and the rest.
 */
#include "changes.h"

#include <stdio.h>
#include <string.h>
#include <time.h>

enum { FILES_SHOWN = 60 };

/* What a line says of itself; NULL: nothing, it is as it was. The class is the code in lower case. */
static const char *const words[FL_CATEGORIES] = {
	[FL_UNC] = "new, never ran",
	[FL_LBC] = "ran before",
	[FL_UIC] = "code now, never ran",
	[FL_GBC] = "covered now",
	[FL_GIC] = "code now",
	[FL_GNC] = "new",
};

static bool is_new_miss(enum fl_category category)
{
	return category == FL_UNC || category == FL_UIC;
}

/* ---- lines
 * --------------------------------------------------------------------------------------------------- */

void fl_changes_begin(struct fl_changes *changes, const struct fl_report *report, const char *path)
{
	const struct fl_diff_file *file =
		report->model->diff ? fl_diff_find(report->model->diff, path) : NULL;
	*changes = (struct fl_changes){.diff = report->model->diff};
	if (file && file->line_count) {
		changes->line = file->lines;
		changes->end = file->lines + file->line_count;
	}
}

bool fl_changes_has(struct fl_changes *changes, uint32_t line)
{
	while (changes->line < changes->end && changes->line->line < line)
		changes->line++; /* deleted ones have no number */
	return changes->line < changes->end && changes->line->line == line && words[changes->line->category];
}

static void emit_date(struct fl_emit *out, int64_t when)
{
	char text[32];
	time_t seconds = (time_t)when;
	struct tm day;
	if (gmtime_r(&seconds, &day) && strftime(text, sizeof text, "%Y-%m-%d", &day))
		fl_emit_string(out, text);
}

void fl_changes_emit_line(struct fl_changes *changes, struct fl_emit *out, uint32_t line)
{
	if (!fl_changes_has(changes, line))
		return;
	const struct fl_diff_line *found = changes->line;
	EMIT(out, " <small class=");
	EMIT(out, "\"c ");
	fl_emit_string(out, fl_category_code(found->category));
	EMIT(out, "\"");
	if (found->author != FL_NOBODY) {
		EMIT(out, " title=\"");
		fl_emit_string(out, changes->diff->authors[found->author].name);
		EMIT(out, ", ");
		emit_date(out, found->written);
		EMIT(out, "\"");
	}
	EMIT(out, ">");
	fl_emit_string(out, words[found->category]);
	EMIT(out, "</small>");
}

/* ---- the overview
 * -------------------------------------------------------------------------------------------- */

void fl_changes_emit_points(const struct fl_page *page, struct fl_ratio now, struct fl_ratio base)
{
	struct fl_emit *out = page->out;
	char text[48];
	if (!now.found || !base.found)
		return;
	double points = fl_ratio_percent(now) - fl_ratio_percent(base);
	if (points > -0.05 && points < 0.05)
		snprintf(text, sizeof text, "as before");
	else
		snprintf(text, sizeof text, "%s %.1f", points > 0 ? "▲" : "▼", points > 0 ? points : -points);
	EMIT(out, " <span class=points title=\"");
	fl_emit_percent(out, base);
	EMIT(out, " in the base\">");
	fl_emit_string(out, text);
	EMIT(out, "</span>");
}

static void emit_patch(struct fl_emit *out, const struct fl_diff *diff)
{
	struct fl_ratio lines = diff->patch.lines;
	if (!diff->has_patch)
		return;
	EMIT(out, "<p class=lead>");
	if (!lines.found) {
		fl_emit_string(out, diff->stale
					    ? "What changed was not compiled: what of it runs is not known."
					    : "No line of code has changed.");
		EMIT(out, "</p>\n");
		return;
	}
	EMIT(out, "<b>");
	fl_emit_percent(out, lines);
	EMIT(out, "</b> of the changed lines are covered: ");
	fl_emit_grouped(out, lines.hit);
	EMIT(out, " of ");
	fl_emit_grouped(out, lines.found);
	if (diff->patch.branches.found) {
		EMIT(out, ", and <b>");
		fl_emit_percent(out, diff->patch.branches);
		EMIT(out, "</b> of their branches");
	}
	EMIT(out, ".</p>\n");
}

static void emit_categories(struct fl_emit *out, const struct fl_diff *diff)
{
	EMIT(out, "<ul class=categories>\n");
	for (unsigned i = 0; i < FL_CATEGORIES; i++) {
		if (!diff->categories[i])
			continue;
		EMIT(out, "<li><b>");
		fl_emit_grouped(out, diff->categories[i]);
		EMIT(out, "</b> <span>");
		fl_emit_string(out, fl_category_words((enum fl_category)i));
		EMIT(out, "</span> <abbr>");
		fl_emit_string(out, fl_category_code((enum fl_category)i));
		EMIT(out, "</abbr>\n");
	}
	EMIT(out, "</ul>\n");
}

/* To the first line that a reader should see. */
static uint32_t first_line(const struct fl_diff_file *file)
{
	for (size_t i = 0; i < file->line_count; i++)
		if (is_new_miss(file->lines[i].category) || file->lines[i].category == FL_LBC)
			return file->lines[i].line;
	for (size_t i = 0; i < file->line_count; i++)
		if (words[file->lines[i].category])
			return file->lines[i].line;
	return 0;
}

static bool has_changed(const struct fl_diff_file *file)
{
	const uint64_t *of = file->categories;
	return file->patch.lines.found || of[FL_LBC] || of[FL_UIC] || of[FL_GBC] || of[FL_GIC];
}

static void emit_number(struct fl_emit *out, uint64_t number)
{
	EMIT(out, "<td>");
	if (number)
		fl_emit_grouped(out, number);
}

static void emit_file(const struct fl_page *page, const struct fl_diff_file *file)
{
	struct fl_emit *out = page->out;
	uint32_t node = fl_page_node_of(page->report, file->path);
	EMIT(out, "<tr><th scope=row>");
	if (node != FL_TREE_NONE) {
		EMIT(out, "<a ");
		fl_page_href_line(page, node, first_line(file));
		EMIT(out, ">");
	}
	fl_emit_string(out, file->path);
	if (node != FL_TREE_NONE)
		EMIT(out, "</a>");
	if (file->base_path && strcmp(file->base_path, file->path)) {
		EMIT(out, " <small>was ");
		fl_emit_string(out, file->base_path);
		EMIT(out, "</small>");
	}
	fl_page_ratio_cell(
		out, file->patch.lines, file->patch.lines.found ? FL_PAGE_WITH_BAR : FL_PAGE_NO_BAR);
	emit_number(out, file->categories[FL_UNC] + file->categories[FL_UIC]);
	emit_number(out, file->categories[FL_LBC]);
	emit_number(out, file->categories[FL_GBC] + file->categories[FL_GIC] + file->categories[FL_GNC]);
	EMIT(out, "\n");
}

static void emit_files(const struct fl_page *page, const struct fl_diff *diff)
{
	struct fl_emit *out = page->out;
	size_t shown = 0, changed = 0;
	for (size_t i = 0; i < diff->file_count; i++)
		changed += has_changed(&diff->files[i]);
	if (!changed)
		return;
	EMIT(out, "<table class=list id=changed>\n<caption>Files that changed</caption>\n<thead><tr><th "
		  "scope=col>File"
		  "<th scope=col>Changed lines<th scope=col>New and missed<th scope=col>Lost<th "
		  "scope=col>Gained\n<tbody>\n");
	for (int edited = 1; edited >= 0; edited--) /* what somebody worked on comes first */
		for (size_t i = 0; i < diff->file_count && shown < FILES_SHOWN; i++) {
			const struct fl_diff_file *file = &diff->files[i];
			if (!has_changed(file) || (file->patch.lines.found > 0) != edited)
				continue;
			emit_file(page, file);
			shown++;
		}
	EMIT(out, "</table>\n");
	if (changed > shown) {
		EMIT(out, "<p>and ");
		fl_emit_grouped(out, changed - shown);
		EMIT(out, " more files; <code>furlong diff</code> lists them all.</p>\n");
	}
}

static void emit_authors(struct fl_emit *out, const struct fl_diff *diff)
{
	if (!diff->has_authors || !diff->author_count)
		return;
	EMIT(out, "<details class=modules><summary>Who wrote these lines</summary>\n<table "
		  "class=list>\n<thead><tr>"
		  "<th scope=col>Author<th scope=col>New and missed<th scope=col>Lost<th "
		  "scope=col>Gained\n<tbody>\n");
	for (size_t i = 0; i < diff->author_count; i++) {
		const struct fl_diff_author *author = &diff->authors[i];
		EMIT(out, "<tr><th scope=row>");
		fl_emit_string(out, *author->name ? author->name : "not committed");
		emit_number(out, author->categories[FL_UNC] + author->categories[FL_UIC]);
		emit_number(out, author->categories[FL_LBC]);
		emit_number(out,
			author->categories[FL_GBC] + author->categories[FL_GIC] + author->categories[FL_GNC]);
		EMIT(out, "\n");
	}
	EMIT(out, "</table></details>\n");
}

void fl_changes_emit(const struct fl_page *page)
{
	const struct fl_diff *diff = page->report->model->diff;
	struct fl_emit *out = page->out;
	if (!diff)
		return;
	EMIT(out, "<section id=changes aria-labelledby=changes-title>\n<h2 id=changes-title>Since the base "
		  "<span>");
	fl_emit_string(out, diff->base);
	EMIT(out, "</span></h2>\n");
	emit_patch(out, diff);
	emit_categories(out, diff);
	emit_files(page, diff);
	emit_authors(out, diff);
	EMIT(out, "</section>\n");
}
