/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * ending.c: see ending.h.
 */
#include "model/ending.h"

#include <stdlib.h>
#include <string.h>

#include "util/memory.h"

static int compare_marks(const void *left, const void *right)
{
	const struct fl_ending_mark *a = left, *b = right;
	int order = strcmp(a->path, b->path);
	if (order)
		return order;
	if (a->line != b->line)
		return a->line < b->line ? -1 : 1;
	if (a->ending != b->ending)
		return a->ending < b->ending ? -1 : 1;
	return a->role < b->role ? -1 : a->role > b->role;
}

static void mark_stack(struct fl_ending_marks *marks, size_t *capacity, const struct fl_stack *stack,
	uint32_t ending, bool beside)
{
	bool first = true;
	for (size_t i = 0; i < stack->count; i++) {
		const struct fl_frame *frame = &stack->frames[i];
		if (!frame->file || frame->system || !frame->line)
			continue;
		*FL_PUSH(marks->items, marks->count, *capacity) =
			(struct fl_ending_mark){frame->file, frame->line, ending, 0,
				beside  ? FL_ENDED_BESIDE
				: first ? FL_ENDED_HERE
					: FL_ENDED_WITHIN};
		first = false;
	}
}

static bool same_line(const struct fl_ending_mark *a, const struct fl_ending_mark *b)
{
	return a->line == b->line && !strcmp(a->path, b->path);
}

/* The mark of the same line, among the first `count`, that says what this one says; NULL: there is none. */
static struct fl_ending_mark *find_alike(const struct fl_ending_marks *marks, size_t count,
	const struct fl_endings *endings, const struct fl_ending_mark *mark)
{
	const char *title = endings->items[mark->ending].title;
	while (count-- > 0 && same_line(&marks->items[count], mark))
		if (marks->items[count].role == mark->role &&
			!strcmp(endings->items[marks->items[count].ending].title, title))
			return &marks->items[count];
	return NULL;
}

/* A recursive call is one line, and several ways to the same end are said once. */
static void join_alike(struct fl_ending_marks *marks, const struct fl_endings *endings)
{
	size_t kept = 0;
	for (size_t i = 0; i < marks->count; i++) {
		struct fl_ending_mark mark = marks->items[i];
		bool again = i > 0 && same_line(&marks->items[i - 1], &mark) &&
			     marks->items[i - 1].ending == mark.ending;
		struct fl_ending_mark *alike = find_alike(marks, kept, endings, &mark);
		mark.times = endings->items[mark.ending].processes;
		if (!again && alike)
			alike->times += mark.times;
		else if (!again)
			marks->items[kept++] = mark;
	}
	marks->count = kept;
}

void fl_ending_marks_build(struct fl_ending_marks *marks, const struct fl_endings *endings)
{
	size_t capacity = 0;
	*marks = (struct fl_ending_marks){0};
	for (size_t i = 0; i < endings->count; i++)
		for (size_t j = 0; j < endings->items[i].thread_count; j++)
			mark_stack(marks, &capacity, &endings->items[i].threads[j].stack, (uint32_t)i, j > 0);
	if (marks->count)
		qsort(marks->items, marks->count, sizeof *marks->items, compare_marks);
	join_alike(marks, endings);
}

void fl_ending_marks_free(struct fl_ending_marks *marks)
{
	free(marks->items);
}

const struct fl_ending_mark *fl_ending_marks_of(
	const struct fl_ending_marks *marks, const char *path, size_t *count)
{
	size_t first = 0, end;
	while (first < marks->count && strcmp(marks->items[first].path, path))
		first++;
	for (end = first; end < marks->count && !strcmp(marks->items[end].path, path); end++)
		;
	*count = end - first;
	return marks->items + first;
}

const char *fl_ending_says(
	const struct fl_endings *endings, const struct fl_ending_mark *mark, struct fl_arena *arena)
{
	static const char *const what[] = {
		[FL_ENDED_HERE] = "ended here",
		[FL_ENDED_WITHIN] = "in this call at the end",
		[FL_ENDED_BESIDE] = "another thread was here at the end",
	};
	const struct fl_ending *ending = &endings->items[mark->ending];
	if (mark->times > 1)
		return fl_arena_format(
			arena, "%s: %s, %u times", what[mark->role], ending->title, mark->times);
	return fl_arena_format(arena, "%s: %s", what[mark->role], ending->title);
}

const char *fl_ending_thread_title(const struct fl_ending_thread *thread, struct fl_arena *arena)
{
	if (!thread->number)
		return "main thread";
	return *thread->name ? fl_arena_format(arena, "thread %u '%s'", thread->number, thread->name)
			     : fl_arena_format(arena, "thread %u", thread->number);
}

bool fl_ending_is_by_signal(const struct fl_ending *ending)
{
	return !strcmp(ending->cause, "signal");
}
