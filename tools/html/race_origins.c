/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * race_origins.c: below both accesses of a race: its memory, its threads and its locks, each with where it
 * came from.
 */
#include "race_below.h"

#include "util/memory.h"

static void emit_memory(struct fl_race_writer *writer, const struct fl_race *race)
{
	struct fl_emit *out = writer->page.out;
	const struct fl_race_location *location = &race->location;
	if (!location->allocated.count && !location->freed)
		return;
	EMIT(out, "<section aria-labelledby=memory><h2 id=memory>Memory <span>");
	fl_emit_string(out, fl_race_location_title(race, writer->arena));
	EMIT(out, "</span></h2>\n<div class=pair>\n<div><h3>Allocated by ");
	fl_emit_string(out, fl_race_thread_title(race, location->thread, writer->arena));
	EMIT(out, "</h3>\n");
	fl_race_stack_emit(writer, &location->allocated, FL_RACE_ORIGIN);
	EMIT(out, "</div>\n");
	if (location->freed) {
		EMIT(out, "<div><h3>Freed by ");
		fl_emit_string(out, fl_race_thread_title(race, location->freed_by, writer->arena));
		EMIT(out, "</h3>\n");
		fl_race_stack_emit(writer, &location->freed_at, FL_RACE_ORIGIN);
		EMIT(out, "</div>\n");
	}
	EMIT(out, "</div></section>\n");
}

static bool is_same_stack(const struct fl_stack *a, const struct fl_stack *b)
{
	if (a->count != b->count)
		return false;
	for (size_t i = 0; i < a->count; i++)
		if (!fl_race_frame_is_same(&a->frames[i], &b->frames[i]))
			return false;
	return a->count > 0;
}

/* Threads of one loop come from one place, which is shown once. */
static bool is_born_with(const struct fl_race_thread *a, const struct fl_race_thread *b)
{
	return a->number && b->number && a->parent == b->parent && is_same_stack(&a->created, &b->created);
}

static void emit_thread_title(
	struct fl_race_writer *writer, const struct fl_race *race, const struct fl_race_thread *thread)
{
	struct fl_emit *out = writer->page.out;
	EMIT(out, "<h3 id=T");
	fl_emit_number(out, thread->number);
	EMIT(out, ">");
	fl_emit_string(out,
		fl_race_capital(fl_race_thread_title(race, thread->number, writer->arena), writer->arena));
	EMIT(out, " <span>");
	if (thread->tid > 0) {
		EMIT(out, "tid ");
		fl_emit_number(out, (uint64_t)thread->tid);
		EMIT(out, ", ");
	}
	if (thread->running)
		EMIT(out, "running");
	else
		EMIT(out, "finished");
	EMIT(out, "</span></h3>\n");
}

static void emit_birth(struct fl_race_writer *writer, const struct fl_race *race, size_t first)
{
	struct fl_emit *out = writer->page.out;
	const struct fl_race_thread *thread = &race->threads[first];
	size_t together = 0;
	for (size_t i = 0; i < first; i++)
		if (is_born_with(&race->threads[i], thread))
			return; /* shown with that one */
	EMIT(out, "<div>");
	for (size_t i = first; i < race->thread_count; i++)
		if (i == first || is_born_with(thread, &race->threads[i])) {
			emit_thread_title(writer, race, &race->threads[i]);
			together++;
		}
	if (thread->number) {
		EMIT(out, "<p class=held>");
		fl_emit_string(out, together == 1   ? "Created"
				    : together == 2 ? "Both created"
						    : "All created");
		EMIT(out, " by ");
		fl_emit_string(out, fl_race_thread_title(race, thread->parent, writer->arena));
		EMIT(out, " at</p>\n");
	}
	if (thread->number || thread->created.count)
		fl_race_stack_emit(writer, &thread->created, FL_RACE_ORIGIN);
	EMIT(out, "</div>\n");
}

static void emit_threads(struct fl_race_writer *writer, const struct fl_race *race)
{
	struct fl_emit *out = writer->page.out;
	if (!race->thread_count)
		return;
	EMIT(out, "<section aria-labelledby=threads><h2 id=threads>Threads</h2>\n<div class=pair>\n");
	for (size_t i = 0; i < race->thread_count; i++)
		emit_birth(writer, race, i);
	EMIT(out, "</div></section>\n");
}

static void emit_locks(struct fl_race_writer *writer, const struct fl_race *race)
{
	struct fl_emit *out = writer->page.out;
	if (!race->lock_count)
		return;
	EMIT(out, "<section aria-labelledby=locks><h2 id=locks>Locks</h2>\n<div class=pair>\n");
	for (size_t i = 0; i < race->lock_count; i++) {
		const struct fl_race_lock *lock = &race->locks[i];
		EMIT(out, "<div><h3 id=M");
		fl_emit_number(out, lock->number);
		EMIT(out, ">M");
		fl_emit_number(out, lock->number);
		EMIT(out, " <span>");
		fl_emit_string(
			out, fl_arena_format(writer->arena, "0x%llx", (unsigned long long)lock->address));
		EMIT(out, "</span></h3>\n<p class=held>Created, or first used, at</p>\n");
		fl_race_stack_emit(writer, &lock->created, FL_RACE_ORIGIN);
		EMIT(out, "</div>\n");
	}
	EMIT(out, "</div></section>\n");
}

void fl_race_origins_emit(struct fl_race_writer *writer, const struct fl_race *race)
{
	emit_memory(writer, race);
	emit_threads(writer, race);
	emit_locks(writer, race);
}
