/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * code_links.c: see code_links.h.
 */
#include "code_links.h"

#include <stdio.h>
#include <string.h>

#include "race_page.h"
#include "util/memory.h"

/* Links to the races that the line is one side of. */
static void emit_races(struct fl_code_links *code, uint32_t number)
{
	const struct fl_races *races = &code->page->report->model->races;
	struct fl_emit *out = code->page->out;
	while (code->mark < code->marks_end && code->mark->line < number)
		code->mark++;
	for (; code->mark < code->marks_end && code->mark->line == number; code->mark++) {
		const struct fl_race *race = &races->races[code->mark->race];
		const struct fl_access *access = &race->accesses[code->mark->access];
		const struct fl_access *before = code->mark->access ? access - 1 : NULL;
		if (before && code->mark > code->marks && code->mark[-1].line == number &&
			code->mark[-1].race == code->mark->race && before->atomic == access->atomic &&
			!strcmp(before->op, access->op))
			continue; /* both sides are here, and do the same */
		EMIT(out, " <a class=r ");
		fl_race_href(code->page, race);
		EMIT(out, ">");
		if (access->title) {
			fl_emit_string(out, fl_race_title(race->kind));
		} else {
			EMIT(out, "race: ");
			if (access->atomic)
				EMIT(out, "atomic ");
			fl_emit_string(out, access->op);
		}
		EMIT(out, "</a>");
	}
}

/* What ended while the line was executed. */
static void emit_endings(struct fl_code_links *code, uint32_t number)
{
	const struct fl_endings *endings = &code->page->report->model->endings;
	struct fl_emit *out = code->page->out;
	while (code->end < code->ends_end && code->end->line < number)
		code->end++;
	if (code->end == code->ends_end || code->end->line != number)
		return;
	struct fl_arena *arena = fl_arena_new();
	for (; code->end < code->ends_end && code->end->line == number; code->end++) {
		char anchor[32];
		snprintf(anchor, sizeof anchor, "ending%u", code->end->ending + 1);
		EMIT(out, " <a class=d ");
		fl_page_href_path(code->page, "index.html", anchor);
		EMIT(out, ">");
		fl_emit_string(out, fl_ending_says(endings, code->end, arena));
		EMIT(out, "</a>");
	}
	fl_arena_free(arena);
}

void fl_code_links_begin(struct fl_code_links *code, const struct fl_page *page, const char *path)
{
	size_t marks, ends;
	*code = (struct fl_code_links){.page = page};
	code->marks = code->mark = fl_race_marks_of(&page->report->marks, path, &marks);
	code->marks_end = code->mark + marks;
	code->end = fl_ending_marks_of(&page->report->ends, path, &ends);
	code->ends_end = code->end + ends;
}

bool fl_code_links_any(const struct fl_code_links *code, uint32_t line)
{
	const struct fl_race_mark *mark = code->mark;
	const struct fl_ending_mark *end = code->end;
	while (mark < code->marks_end && mark->line < line)
		mark++;
	while (end < code->ends_end && end->line < line)
		end++;
	return (mark < code->marks_end && mark->line == line) || (end < code->ends_end && end->line == line);
}

void fl_code_links_emit(struct fl_code_links *code, uint32_t line)
{
	emit_races(code, line);
	emit_endings(code, line);
}
