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

static void emit_place(const struct fl_page *page, const struct fl_ending *ending)
{
	const struct fl_frame *top = fl_race_top(&ending->threads->stack);
	struct fl_emit *out = page->out;
	if (!top) {
		EMIT(out, "outside of the program's own code");
		return;
	}
	fl_race_place_emit(page, top);
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
}

static void emit_ending(struct fl_race_writer *writer, const struct fl_ending *ending, size_t number)
{
	struct fl_emit *out = writer->page.out;
	EMIT(out, "<details id=ending");
	fl_emit_number(out, number);
	EMIT(out, "><summary><b>");
	fl_emit_string(out, ending->title);
	EMIT(out, "</b> ");
	emit_place(&writer->page, ending);
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

void fl_ends_emit(const struct fl_page *page)
{
	const struct fl_endings *endings = &page->report->model->endings;
	struct fl_race_writer writer = {.page = *page};
	struct fl_emit *out = page->out;
	if (!endings->count)
		return;
	writer.arena = fl_arena_new();
	EMIT(out, "<section id=endings class=endings aria-labelledby=endings-title>\n<h2 "
		  "id=endings-title>Where "
		  "processes ended <span>");
	fl_emit_grouped(out, endings->count);
	EMIT(out, "</span></h2>\n");
	for (size_t i = 0; i < endings->count; i++)
		emit_ending(&writer, &endings->items[i], i + 1);
	EMIT(out, "</section>\n");
	fl_source_free(&writer.source);
	fl_arena_free(writer.arena);
}
