/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * ends.c: see ends.h.
 *
 *   <section id=endings><h2>Where processes ended <span>2</span></h2>
 *   <details id=ending1><summary><b>SIGSEGV</b> <span>src/a.c:12 in f, 3 processes of app</span></summary>
 *     <h3>main thread</h3> <ol class=stack>...
 */
#include "ends.h"

#include <stdio.h>
#include <string.h>

#include "race_stack.h"
#include "util/memory.h"

static void emit_place(struct fl_emit *out, const struct fl_ending *ending)
{
	const struct fl_frame *top = fl_race_top(&ending->threads->stack);
	if (!top) {
		EMIT(out, "outside of the program's own code");
		return;
	}
	fl_race_place_text(out, top); /* no link: this is within what folds and unfolds */
	if (top->function) {
		EMIT(out, " in ");
		fl_emit_string(out, top->function);
	}
}

static void emit_processes(struct fl_emit *out, const struct fl_ending *ending)
{
	const char *slash = strrchr(ending->program, '/');
	EMIT(out, ", ");
	fl_emit_grouped(out, ending->processes);
	if (ending->processes == 1)
		EMIT(out, " process of ");
	else
		EMIT(out, " processes of ");
	fl_emit_string(out, slash ? slash + 1 : ending->program);
	if (!ending->label || !*ending->label)
		return;
	fl_emit_string(out, ending->processes == 1 ? " in test " : ", first in test ");
	fl_emit_string(out, ending->label);
}

static void emit_ending(struct fl_race_writer *writer, const struct fl_ending *ending, size_t number)
{
	struct fl_emit *out = writer->page.out;
	EMIT(out, "<details id=ending");
	fl_emit_number(out, number);
	EMIT(out, "><summary><b>");
	fl_emit_string(out, ending->title);
	EMIT(out, "</b> ");
	emit_place(out, ending);
	emit_processes(out, ending);
	EMIT(out, "</summary>\n");
	for (size_t i = 0; i < ending->thread_count; i++) {
		EMIT(out, "<h3>");
		fl_emit_string(
			out, fl_race_capital(fl_ending_thread_title(&ending->threads[i], writer->arena),
				     writer->arena));
		EMIT(out, "</h3>\n");
		fl_race_stack_emit(writer, &ending->threads[i].stack, i ? FL_RACE_ORIGIN : FL_RACE_ACCESS);
	}
	EMIT(out, "</details>\n");
}

/* Nothing is wrong with these: they are there for who wonders about a count. */
static bool is_calm(const struct fl_ending *ending)
{
	return !fl_ending_is_by_signal(ending) && ending->number == 0;
}

static void emit_those(const struct fl_page *page, bool calm)
{
	const struct fl_endings *endings = &page->report->model->endings;
	struct fl_race_writer writer = {.page = *page, .arena = fl_arena_new()};
	for (size_t i = 0; i < endings->count; i++)
		if (is_calm(&endings->items[i]) == calm)
			emit_ending(&writer, &endings->items[i], i + 1);
	fl_excerpts_free(&writer.excerpts);
	fl_arena_free(writer.arena);
}

static uint64_t count_processes(const struct fl_endings *endings, bool calm)
{
	uint64_t count = 0;
	for (size_t i = 0; i < endings->count; i++)
		if (is_calm(&endings->items[i]) == calm)
			count += endings->items[i].processes;
	return count;
}

void fl_ends_emit(const struct fl_page *page)
{
	uint64_t processes = count_processes(&page->report->model->endings, false);
	struct fl_emit *out = page->out;
	if (!processes)
		return;
	EMIT(out, "<section id=endings class=endings aria-labelledby=endings-title>\n<h2 "
		  "id=endings-title>Where "
		  "processes ended <span>");
	fl_emit_grouped(out, processes);
	EMIT(out, "</span></h2>\n");
	emit_those(page, false);
	EMIT(out, "</section>\n");
}

void fl_calm_ends_emit(const struct fl_page *page)
{
	uint64_t processes = count_processes(&page->report->model->endings, true);
	struct fl_emit *out = page->out;
	if (!processes)
		return;
	EMIT(out, "<details class=\"modules endings\" id=calm><summary>Ended by exit(0): ");
	fl_emit_grouped(out, processes);
	fl_emit_string(out, processes == 1 ? " process" : " processes");
	EMIT(out, "</summary>\n");
	emit_those(page, true);
	EMIT(out, "</details>\n");
}
