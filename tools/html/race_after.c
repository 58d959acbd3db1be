/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * race_after.c: the end of a race's page: the other races on its object, which often have the same cause, and
 * lines to copy.
 */
#include "race_below.h"

#include <string.h>

#include "util/memory.h"

enum { MOST_OTHERS = 20 };

/* ---- others on the same object ------------------------------------------------------------------------- */

static void emit_other(struct fl_race_writer *writer, const struct fl_race *race)
{
	struct fl_emit *out = writer->page.out;
	EMIT(out, "<li><a ");
	fl_race_href(&writer->page, race);
	EMIT(out, ">");
	fl_emit_string(out, fl_race_brief(race, writer->arena));
	EMIT(out, "</a> <span>");
	fl_emit_grouped(out, race->times);
	if (race->times == 1)
		EMIT(out, " time");
	else
		EMIT(out, " times");
	if (race->suppressed_by)
		EMIT(out, ", suppressed");
	EMIT(out, "</span>\n");
}

void fl_race_others_emit(struct fl_race_writer *writer, const struct fl_race *race)
{
	const struct fl_races *races = &writer->page.report->model->races;
	const struct fl_race_groups *groups = &writer->page.report->groups;
	const struct fl_race_group *group = fl_race_groups_of(groups, (uint32_t)(race - races->races));
	struct fl_emit *out = writer->page.out;
	size_t shown = 0;
	if (group->count < 2)
		return;
	EMIT(out, "<section aria-labelledby=others><h2 id=others>On the same object <span>");
	fl_emit_string(out, group->object);
	EMIT(out, "</span></h2>\n<ul class=others>\n");
	for (uint32_t i = 0; i < group->count && shown < MOST_OTHERS; i++) {
		const struct fl_race *other = &races->races[groups->order[group->first + i]];
		if (other == race)
			continue;
		emit_other(writer, other);
		shown++;
	}
	if (group->count - 1 > MOST_OTHERS) {
		EMIT(out, "<li>and ");
		fl_emit_grouped(out, group->count - 1 - MOST_OTHERS);
		EMIT(out, " more\n");
	}
	EMIT(out, "</ul></section>\n");
}

/* ---- lines to copy ------------------------------------------------------------------------------------- */

/* Whether `race_top` looks at this frame: the innermost function, or one that it is inlined into. */
static bool is_innermost(const struct fl_stack *stack, const struct fl_frame *frame)
{
	for (size_t i = 0; i < stack->count; i++) {
		if (&stack->frames[i] == frame)
			return true;
		if (!stack->frames[i].inlined)
			return false;
	}
	return false;
}

/* The narrowest line that matches: by the function, else by the object. NULL: there is none. */
static const char *find_line(const struct fl_race *race, struct fl_arena *arena)
{
	const char *type = fl_race_suppression_type(race->kind);
	const struct fl_stack *stack = race->access_count ? &race->accesses[0].stack : NULL;
	if (!stack || !stack->count)
		return NULL;
	const struct fl_frame *top = fl_race_top(stack);
	if (!top)
		top = stack->frames;
	if (!top->function)
		return top->module ? fl_arena_format(arena, "%s:%s", type, top->module) : NULL;
	if (!strcmp(type, "race") && is_innermost(stack, top))
		type = "race_top";
	return fl_arena_format(arena, "%s:^%s$", type, top->function);
}

static void emit_copyable(struct fl_emit *out, const char *text)
{
	EMIT(out, "<pre class=copy><code>");
	fl_emit_string(out, text);
	EMIT(out, "</code></pre>\n");
}

void fl_race_silence_emit(struct fl_race_writer *writer, const struct fl_race *race)
{
	struct fl_emit *out = writer->page.out;
	const char *line = find_line(race, writer->arena);
	EMIT(out, "<section aria-labelledby=copy><h2 id=copy>To copy</h2>\n<p class=held>This race in a "
		  "terminal</p>\n");
	emit_copyable(out, fl_arena_format(writer->arena, "furlong races %.12s", race->fingerprint));
	if (line && !race->suppressed_by) {
		EMIT(out, "<p class=held>Accept it for now: a line for the file that "
			  "<code>FURLONG_OPTIONS=suppressions=FILE</code> names</p>\n");
		emit_copyable(out, line);
	}
	EMIT(out, "</section>\n");
}
