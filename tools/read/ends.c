/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * ends.c: see ends.h. What several processes had at the same place of the thread that ended them is one
 * ending, whatever their other threads did.
 */
#include "read/ends.h"

#include <furlong/format.h>
#include <stdlib.h>
#include <string.h>

#include "read/races_merge.h"
#include "util/memory.h"

bool fl_ends_is_file(const char *path)
{
	size_t length = strlen(path), suffix = strlen(FURLONG_END_SUFFIX);
	return length > suffix && !strcmp(path + length - suffix, FURLONG_END_SUFFIX);
}

/* What called main or began the thread is the same in all; libraries without lines there say nothing. */
static void trim(struct fl_stack *stack)
{
	for (size_t i = 0; i < stack->count; i++)
		if (stack->frames[i].function && !strcmp(stack->frames[i].function, "main"))
			stack->count = i + 1;
}

static bool has_own(const struct fl_stack *stack)
{
	for (size_t i = 0; i < stack->count; i++)
		if (stack->frames[i].file && !stack->frames[i].system && stack->frames[i].line)
			return true;
	return false;
}

static bool is_same_stack(const struct fl_stack *a, const struct fl_stack *b)
{
	if (a->count != b->count)
		return false;
	for (size_t i = 0; i < a->count; i++) {
		const struct fl_frame *x = &a->frames[i], *y = &b->frames[i];
		if (x->line != y->line || x->column != y->column || !x->file != !y->file ||
			(x->file && strcmp(x->file, y->file)) || (!x->file && x->offset != y->offset))
			return false;
	}
	return true;
}

/* "signal 11", "exit 3" */
static bool name_cause(struct fl_ending *ending, const char *kind, struct fl_arena *arena)
{
	const char *space = strchr(kind, ' ');
	if (!space)
		return false;
	ending->cause = fl_arena_bytes(arena, kind, (size_t)(space - kind));
	ending->number = atoi(space + 1);
	if (!fl_ending_is_by_signal(ending))
		ending->title = fl_arena_format(arena, "%s(%d)", ending->cause, ending->number);
	else if (sigabbrev_np(ending->number))
		ending->title = fl_arena_format(arena, "SIG%s", sigabbrev_np(ending->number));
	else
		ending->title = fl_arena_format(arena, "signal %d", ending->number);
	return true;
}

static void add_threads(struct fl_ending *ending, const struct fl_race *race, struct fl_arena *arena)
{
	ending->threads = fl_arena_array(arena, race->access_count, sizeof *ending->threads);
	for (size_t i = 0; i < race->access_count; i++) {
		struct fl_access *step = &race->accesses[i];
		trim(&step->stack);
		ending->threads[ending->thread_count++] =
			(struct fl_ending_thread){step->thread, step->title ? step->title : "", step->stack};
	}
}

static struct fl_ending *find_same(struct fl_endings *endings, const struct fl_ending *wanted)
{
	for (size_t i = 0; i < endings->count; i++) {
		struct fl_ending *ending = &endings->items[i];
		if (ending->number == wanted->number && !strcmp(ending->cause, wanted->cause) &&
			!strcmp(ending->program, wanted->program) &&
			is_same_stack(&ending->threads->stack, &wanted->threads->stack))
			return ending;
	}
	return NULL;
}

static int compare(const void *left, const void *right)
{
	const struct fl_ending *a = left, *b = right;
	if (fl_ending_is_by_signal(a) != fl_ending_is_by_signal(b))
		return fl_ending_is_by_signal(a) ? -1 : 1;
	if (a->processes != b->processes)
		return a->processes > b->processes ? -1 : 1;
	return strcmp(a->title, b->title);
}

static uint32_t processes_of(const struct fl_race_reader *reader, size_t find)
{
	uint32_t count = 0;
	for (size_t i = 0; i < reader->sighting_count; i++)
		count += reader->sightings[i].find == find;
	return count;
}

void fl_ends_finish(struct fl_race_reader *reader, struct fl_model *model)
{
	struct fl_endings *endings = &model->endings;
	endings->items = fl_arena_array(reader->arena, reader->find_count, sizeof *endings->items);
	for (size_t i = 0; i < reader->find_count; i++) {
		struct fl_race *race = reader->finds[i];
		struct fl_ending ending = {.processes = processes_of(reader, i),
			.pid = race->pid,
			.program = race->program,
			.label = race->label};
		if (!race->access_count || !name_cause(&ending, race->kind, reader->arena))
			continue;
		add_threads(&ending, race, reader->arena);
		/* In a static program: main returned. */
		if (!has_own(&ending.threads->stack) && !fl_ending_is_by_signal(&ending))
			continue;
		struct fl_ending *same = find_same(endings, &ending);
		if (same)
			same->processes += ending.processes;
		else
			endings->items[endings->count++] = ending;
	}
	if (endings->count)
		qsort(endings->items, endings->count, sizeof *endings->items, compare);
	fl_arena_adopt(model->arena, reader->arena);
	reader->arena = NULL;
}
