/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * race_text.c: see race_text.h. Names come from the program: control characters in them are shown as ?.
 */
#include "write/race_text.h"
#include "util/memory.h"

#include <inttypes.h>
#include <string.h>

#define RULE "=================="

static const char *product(enum fl_race_style style)
{
	return style == FL_RACE_STYLE_TSAN ? "ThreadSanitizer" : "Furlong";
}

static void put_name(FILE *out, const char *name)
{
	for (name = name ? name : "<null>"; *name; name++)
		fputc((unsigned char)*name < ' ' || *name == 127 ? '?' : *name, out);
}

static void put_thread(FILE *out, uint32_t number)
{
	if (number)
		fprintf(out, "thread T%" PRIu32, number);
	else
		fputs("main thread", out);
}

static void put_place(FILE *out, const char *module, uint64_t offset)
{
	fputs(" (", out);
	if (module) {
		put_name(out, module);
		fputc('+', out);
	}
	fprintf(out, "0x%" PRIx64 ")", offset);
}

static void put_source(FILE *out, const struct fl_frame *frame)
{
	put_name(out, frame->file);
	if (frame->file && frame->line)
		fprintf(out, ":%" PRIu32, frame->line);
	if (frame->file && frame->line && frame->column)
		fprintf(out, ":%" PRIu32, frame->column);
}

static void put_stack(FILE *out, const struct fl_stack *stack)
{
	for (size_t i = 0; i < stack->count; i++) {
		const struct fl_frame *frame = &stack->frames[i];
		if (frame->cut) {
			fputs("    ...\n", out);
			continue;
		}
		fprintf(out, "    #%zu ", i);
		put_name(out, frame->function);
		fputc(' ', out);
		put_source(out, frame);
		put_place(out, frame->module, frame->offset);
		fputc('\n', out);
	}
	fputc('\n', out);
}

static void put_access(FILE *out, const struct fl_access *access, bool first, enum fl_race_style style)
{
	const char *op = style == FL_RACE_STYLE_TSAN && !strcmp(access->op, "free") ? "write" : access->op;
	const char *before = first            ? access->atomic ? "Atomic " : ""
			     : access->atomic ? "Previous atomic "
					      : "Previous ";
	fputs("  ", out);
	fputs(before, out);
	fputc(*before ? *op : *op - 'a' + 'A', out);
	fprintf(out, "%s of size %" PRIu64 " at 0x%" PRIx64 " by ", op + 1, access->size, access->address);
	put_thread(out, access->thread);
	for (size_t i = 0; i < access->held_count; i++)
		fprintf(out, "%s%s M%" PRIu32,
			i ? ", " : " (mutexes: ", access->held[i].write ? "write" : "read",
			access->held[i].lock);
	fputs(access->held_count ? "):\n" : ":\n", out);
	put_stack(out, &access->stack);
}

/* TSan has no titles but for lock orders, nor a sentence. */
static void put_steps(FILE *out, const struct fl_race *race, enum fl_race_style style)
{
	bool bare = style == FL_RACE_STYLE_TSAN && fl_race_is_kind_of_tsan(race->kind) &&
		    strcmp(race->kind, "lock-order-inversion");
	if (race->says && !bare) {
		fputs("  ", out);
		put_name(out, race->says);
		fputs("\n\n", out);
	}
	for (size_t i = 0; i < race->access_count; i++) {
		if (!bare) {
			fputs("  ", out);
			put_name(out, race->accesses[i].title);
			fputs(":\n", out);
		} else if (i) {
			fputs("  and:\n", out);
		}
		put_stack(out, &race->accesses[i].stack);
	}
}

static void put_heap(FILE *out, const struct fl_race_location *location)
{
	fprintf(out, "  Location is heap block of size %" PRIu64 " at 0x%" PRIx64 " allocated by ",
		location->size, location->address);
	put_thread(out, location->thread);
	fputs(":\n", out);
	put_stack(out, &location->allocated);
	if (!location->freed || !location->freed_at.count)
		return;
	fputs("  The block was freed by ", out);
	put_thread(out, location->freed_by);
	fputs(" at:\n", out);
	put_stack(out, &location->freed_at);
}

static void put_location(FILE *out, const struct fl_race_location *location)
{
	switch (location->place) {
	case FL_PLACE_UNKNOWN:
		return;
	case FL_PLACE_HEAP:
		put_heap(out, location);
		return;
	case FL_PLACE_GLOBAL:
		fputs("  Location is global '", out);
		put_name(out, location->name);
		fputc('\'', out);
		if (location->size)
			fprintf(out, " of size %" PRIu64, location->size);
		fprintf(out, " at 0x%" PRIx64, location->address);
		put_place(out, location->module, location->offset);
		fputs("\n\n", out);
		return;
	case FL_PLACE_DESCRIPTOR:
		fprintf(out, "  Location is file descriptor %" PRIu64 ".\n\n", location->address);
		return;
	case FL_PLACE_STACK:
	case FL_PLACE_TLS:
		fputs(location->place == FL_PLACE_TLS ? "  Location is TLS of " : "  Location is stack of ",
			out);
		put_thread(out, location->thread);
		fputs(".\n\n", out);
		return;
	}
}

/* Lines that TSan has not. */
static void put_order(FILE *out, const struct fl_race *race)
{
	struct fl_arena *arena = fl_arena_new();
	const char *says = fl_race_order_says(race, arena);
	if (says)
		fprintf(out, "  %s\n\n", says);
	fl_arena_free(arena);
}

static void put_subject(FILE *out, const struct fl_subject *subject)
{
	if (!subject->expression)
		return;
	fputs("  It is '", out);
	put_name(out, subject->expression);
	fputc('\'', out);
	if (subject->type) {
		fputs(": '", out);
		put_name(out, subject->field);
		fputs("' of '", out);
		put_name(out, subject->type);
		fputc('\'', out);
	}
	fputs(".\n\n", out);
}

static void put_born(FILE *out, const struct fl_race_thread *thread)
{
	if (!thread->number)
		return;
	fprintf(out, "  Thread T%" PRIu32, thread->number);
	if (*thread->name) {
		fputs(" '", out);
		put_name(out, thread->name);
		fputc('\'', out);
	}
	fprintf(out, " (tid=%" PRId32 ", %s) created by ", thread->tid,
		thread->running ? "running" : "finished");
	put_thread(out, thread->parent);
	fputs(thread->created.count ? " at:\n" : "\n", out);
	put_stack(out, &thread->created);
}

void fl_write_race_text(FILE *out, const struct fl_race *race, enum fl_race_style style)
{
	fprintf(out, RULE "\nWARNING: %s: %s (pid=%" PRId32 ")\n", product(style), fl_race_title(race->kind),
		race->pid);
	if (!fl_race_is_of_accesses(race))
		put_steps(out, race, style);
	for (size_t i = 0; i < race->access_count && fl_race_is_of_accesses(race); i++)
		put_access(out, &race->accesses[i], i == 0, style);
	if (style == FL_RACE_STYLE_OWN) {
		put_order(out, race);
		put_subject(out, &race->subject);
	}
	put_location(out, &race->location);
	for (size_t i = 0; i < race->lock_count; i++) {
		fprintf(out, "  Mutex M%" PRIu32 " (0x%" PRIx64 ") created at:\n", race->locks[i].number,
			race->locks[i].address);
		put_stack(out, &race->locks[i].created);
	}
	for (size_t i = 0; i < race->thread_count; i++)
		put_born(out, &race->threads[i]);
	fprintf(out, "SUMMARY: %s: %s ", product(style), fl_race_title(race->kind));
	put_name(out, race->summary);
	fputs("\n" RULE "\n", out);
}
