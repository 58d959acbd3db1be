/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * race_list.c: races on the index: a table of those that count, a folded one of the suppressed, what was
 * looked at.
 */
#include <stdio.h>
#include <string.h>

#include "race_marks.h"
#include "race_page.h"
#include "race_stack.h"
#include "util/memory.h"

enum { ROWS_SHOWN = 12 }; /* about; the rest is folded */

void fl_race_path(const struct fl_race *race, char path[static FL_PAGE_PATH_BYTES])
{
	snprintf(path, FL_PAGE_PATH_BYTES, "race/%.64s.html", race->fingerprint);
}

void fl_race_href(const struct fl_page *page, const struct fl_race *race)
{
	char path[FL_PAGE_PATH_BYTES];
	fl_race_path(race, path);
	fl_page_href_path(page, path, NULL);
}

/* The functions of both accesses; one name when they are the same. */
static void emit_functions(const struct fl_page *page, const struct fl_race *race, struct fl_arena *arena)
{
	const char *names[2] = {NULL, NULL};
	for (size_t i = 0; i < race->access_count && i < 2; i++) {
		const struct fl_frame *top = fl_race_top(&race->accesses[i].stack);
		if (!top && race->accesses[i].stack.count)
			top = &race->accesses[i].stack.frames[0];
		names[i] = top && top->function ? fl_race_short_name(top->function, arena) : "unknown";
	}
	fl_emit_string(page->out, names[0] ? names[0] : "unknown");
	if (!names[1] || !strcmp(names[0], names[1]))
		return;
	EMIT(page->out, " <span>and</span> ");
	fl_emit_string(page->out, names[1]);
}

static void emit_places(const struct fl_page *page, const struct fl_race *race)
{
	struct fl_emit *out = page->out;
	EMIT(out, "<td class=t>");
	for (size_t i = 0; i < race->access_count; i++) {
		const struct fl_access *access = &race->accesses[i];
		const struct fl_frame *top = fl_race_top(&access->stack);
		EMIT(out, "<div>");
		if (access->atomic)
			EMIT(out, "atomic ");
		fl_emit_string(out, access->title ? access->title : access->op);
		if (access->title)
			EMIT(out, ":");
		EMIT(out, " ");
		if (top)
			fl_race_place_emit(page, top);
		else
			EMIT(out, "in a place unknown");
		EMIT(out, "</div>");
	}
}

static void emit_threads(const struct fl_page *page, const struct fl_race *race, struct fl_arena *arena)
{
	EMIT(page->out, "<td class=t>");
	for (size_t i = 0; i < race->access_count; i++) {
		EMIT(page->out, "<div>");
		fl_emit_string(page->out, fl_race_thread_title(race, race->accesses[i].thread, arena));
		EMIT(page->out, "</div>");
	}
}

static void emit_row(const struct fl_page *page, const struct fl_race *race, struct fl_arena *arena)
{
	struct fl_emit *out = page->out;
	EMIT(out, "<tr><th scope=row><a ");
	fl_race_href(page, race);
	EMIT(out, ">");
	emit_functions(page, race, arena);
	EMIT(out, "</a>");
	if (strcmp(race->kind, "data-race")) { /* most are, and need not say so */
		EMIT(out, " <small>");
		fl_emit_string(out, fl_race_title(race->kind));
		EMIT(out, "</small>");
	}
	if (race->label && *race->label) {
		EMIT(out, " <small>");
		fl_emit_string(out, race->processes == 1 ? "in test " : "first in test ");
		fl_emit_string(out, race->label);
		EMIT(out, "</small>");
	}
	if (race->suppressed_by) {
		EMIT(out, " <small>suppressed by <code>");
		fl_emit_string(out, race->suppressed_by);
		EMIT(out, "</code></small>");
	}
	emit_places(page, race);
	emit_threads(page, race, arena);
	EMIT(out, "<td>");
	fl_emit_grouped(out, race->times);
	EMIT(out, "<td>");
	fl_emit_grouped(out, race->processes);
	EMIT(out, "\n");
}

static void emit_group(const struct fl_page *page, const struct fl_race_group *group, struct fl_arena *arena)
{
	const struct fl_races *races = &page->report->model->races;
	struct fl_emit *out = page->out;
	EMIT(out, "<tbody>\n");
	if (group->object) {
		EMIT(out, "<tr class=g><th scope=rowgroup colspan=5><b>");
		fl_emit_string(out, group->object);
		EMIT(out, "</b>");
		if (group->count > 1) {
			EMIT(out, " <span>");
			fl_emit_grouped(out, group->count);
			EMIT(out, " races</span>");
		}
		EMIT(out, "\n");
	}
	for (uint32_t i = 0; i < group->count; i++)
		emit_row(page, &races->races[page->report->groups.order[group->first + i]], arena);
}

static void emit_table(const struct fl_page *page, size_t from, size_t to)
{
	struct fl_arena *arena = fl_arena_new();
	EMIT(page->out,
		"<table class=\"list races\">\n<caption>Races</caption>\n<thead><tr><th scope=col>Between"
		"<th scope=col class=t>Where<th scope=col class=t>Threads<th scope=col>Times"
		"<th scope=col>Processes\n");
	for (size_t i = from; i < to; i++)
		emit_group(page, &page->report->groups.groups[i], arena);
	EMIT(page->out, "</table>\n");
	fl_arena_free(arena);
}

/* How many groups make about ROWS_SHOWN rows. */
static size_t groups_shown(const struct fl_race_groups *groups)
{
	size_t rows = 0, shown = 0;
	while (shown < groups->open && (rows < ROWS_SHOWN || groups->open - shown == 1))
		rows += groups->groups[shown++].count;
	return shown;
}

static void emit_folded(const struct fl_page *page, uint64_t count, const char *what, size_t from, size_t to)
{
	struct fl_emit *out = page->out;
	if (!count)
		return;
	EMIT(out, "<details class=suppressed><summary>");
	fl_emit_grouped(out, count);
	EMIT(out, " ");
	fl_emit_string(out, what);
	EMIT(out, "</summary>\n");
	emit_table(page, from, to);
	EMIT(out, "</details>\n");
}

void fl_race_list_emit(const struct fl_page *page)
{
	const struct fl_races *races = &page->report->model->races;
	const struct fl_race_groups *groups = &page->report->groups;
	size_t open = fl_races_open(races), shown = groups_shown(groups);
	struct fl_emit *out = page->out;
	if (!races->looked)
		return;
	if (page->report->model->totals.lines.found) {
		EMIT(out, "<section id=races aria-labelledby=races-title>\n<h2 id=races-title>Races <span>");
		fl_emit_grouped(out, open);
		EMIT(out, "</span></h2>\n");
	} else { /* the whole page is about them */
		EMIT(out, "<section id=races aria-labelledby=title>\n");
	}
	if (open)
		emit_table(page, 0, shown);
	else
		EMIT(out, "<p class=whole>In no process of these data did two threads touch the same memory "
			  "without order.</p>\n");
	if (shown < groups->open)
		emit_folded(page, open - groups->groups[shown].first, "more", shown, groups->open);
	emit_folded(page, races->suppressed, "suppressed", groups->open, groups->count);
	EMIT(out, "</section>\n");
}

static void emit_number(struct fl_emit *out, const char *what, uint64_t number)
{
	EMIT(out, "<li>");
	fl_emit_grouped(out, number);
	EMIT(out, " ");
	fl_emit_string(out, what);
	EMIT(out, "\n");
}

void fl_race_looked_emit(const struct fl_page *page)
{
	const struct fl_races *races = &page->report->model->races;
	struct fl_emit *out = page->out;
	if (!races->looked)
		return;
	EMIT(out, "<details class=modules><summary>Watched for races: ");
	fl_emit_grouped(out, races->processes);
	if (races->processes == 1)
		EMIT(out, " process</summary>\n<ul>\n");
	else
		EMIT(out, " processes</summary>\n<ul>\n");
	emit_number(out, "accesses in the code were checked each time they ran", races->seen.checked);
	emit_number(out, "needed no check, because another one covers them", races->seen.repeated);
	emit_number(
		out, "needed none, because no other thread can reach what they access", races->seen.local);
	emit_number(out, "needed none, because nobody writes what they read", races->seen.constant);
	emit_number(out, "were left out, because the source or an ignore list says so", races->seen.left_out);
	for (size_t i = 0; i < races->bare_count; i++) {
		EMIT(out, "<li>not built with the race flag: <code>");
		fl_emit_string(out, races->bare[i]);
		EMIT(out, "</code>\n");
	}
	EMIT(out, "</ul></details>\n");
}
