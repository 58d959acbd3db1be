/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * suppress.c: see suppress.h.
 */
#include "read/suppress.h"

#include <stdlib.h>
#include <string.h>

#include "util/memory.h"

static const char *const types[] = {
	"race", "race_top", "mutex", "thread", "deadlock", "signal", "called_from_lib"};

void fl_suppress_free(struct fl_suppressions *list)
{
	free(list->items);
	*list = (struct fl_suppressions){0};
}

static void add_line(struct fl_suppressions *list, const char *line, size_t length, struct fl_arena *arena)
{
	while (length && strchr(" \t", *line))
		line++, length--;
	for (size_t i = 0; i < length; i++)
		if (line[i] == '#' && (!i || strchr(" \t", line[i - 1])))
			length = i;
	while (length && strchr(" \t\r", line[length - 1]))
		length--;
	if (!length)
		return;
	char *text = fl_arena_bytes(arena, line, length);
	const char *colon = strchr(text, ':');
	size_t type_length = colon ? (size_t)(colon - text) : 0;
	for (size_t i = 0; colon && i < sizeof types / sizeof *types; i++) {
		if (strlen(types[i]) != type_length || strncmp(types[i], text, type_length))
			continue;
		*FL_PUSH(list->items, list->count, list->capacity) =
			(struct fl_suppression){.text = text, .type = types[i], .pattern = colon + 1};
		return;
	}
	list->faults++;
}

void fl_suppress_add(struct fl_suppressions *list, const char *text, size_t size, struct fl_arena *arena)
{
	for (const char *end = text + size; text < end;) {
		const char *feed = memchr(text, '\n', (size_t)(end - text));
		const char *stop = feed ? feed : end;
		add_line(list, text, (size_t)(stop - text), arena);
		text = stop + 1;
	}
}

void fl_suppress_add_known(struct fl_suppressions *list, struct fl_arena *arena)
{
	static const char known[] = "race_top:^std::ctype<char>::narrow(\n"
				    "race_top:^std::ctype<char>::widen(\n";

	fl_suppress_add(list, known, sizeof known - 1, arena);
}

/* `pattern` up to `end` against all of `name`; goes back to the last star when what follows it does not fit.
 */
static bool fits(const char *pattern, const char *end, const char *name)
{
	const char *star = NULL, *again = NULL;
	while (*name) {
		if (pattern < end && *pattern == '*') {
			star = ++pattern;
			again = name;
		} else if (pattern < end && *pattern == *name) {
			pattern++;
			name++;
		} else if (star) {
			pattern = star;
			name = ++again;
		} else {
			return false;
		}
	}
	while (pattern < end && *pattern == '*')
		pattern++;
	return pattern == end;
}

bool fl_suppress_matches(const char *pattern, const char *name)
{
	if (!name || !*name)
		return false;
	bool from_start = *pattern == '^';
	pattern += from_start;
	const char *end = pattern + strlen(pattern);
	bool to_end = end > pattern && end[-1] == '$';
	end -= to_end;
	char *whole = fl_alloc((size_t)(end - pattern) + 3), *at = whole;
	if (!from_start)
		*at++ = '*';
	memcpy(at, pattern, (size_t)(end - pattern));
	at += end - pattern;
	if (!to_end)
		*at++ = '*';
	bool result = fits(whole, at, name);
	free(whole);
	return result;
}

static bool matches_frame(const char *pattern, const struct fl_frame *frame)
{
	return fl_suppress_matches(pattern, frame->function) || fl_suppress_matches(pattern, frame->file) ||
	       fl_suppress_matches(pattern, frame->disk_path) ||
	       (frame->object && fl_suppress_matches(pattern, frame->object->path));
}

static bool matches_stack(const char *pattern, const struct fl_stack *stack, size_t limit)
{
	for (size_t i = 0; i < stack->count && i < limit; i++)
		if (matches_frame(pattern, &stack->frames[i]))
			return true;
	return false;
}

static bool matches_any(const char *pattern, const struct fl_race *race)
{
	for (size_t i = 0; i < race->access_count; i++)
		if (matches_stack(pattern, &race->accesses[i].stack, SIZE_MAX))
			return true;
	for (size_t i = 0; i < race->thread_count; i++)
		if (matches_stack(pattern, &race->threads[i].created, SIZE_MAX))
			return true;
	for (size_t i = 0; i < race->lock_count; i++)
		if (matches_stack(pattern, &race->locks[i].created, SIZE_MAX))
			return true;
	if (race->location.place != FL_PLACE_GLOBAL)
		return false;
	return fl_suppress_matches(pattern, race->location.name) ||
	       (race->location.object && fl_suppress_matches(pattern, race->location.object->path));
}

/* All frames at the innermost address: a function and those that it is inlined into. */
static bool matches_top(const char *pattern, const struct fl_stack *stack)
{
	size_t limit = 0;
	while (limit < stack->count && stack->frames[limit].inlined)
		limit++;
	return matches_stack(pattern, stack, limit + 1);
}

static bool matches_caller(const char *pattern, const struct fl_stack *stack)
{
	size_t at = 0;
	while (at < stack->count && stack->frames[at].object &&
		strstr(stack->frames[at].object->path, "/libfurlong_rt.so"))
		at++;
	return at < stack->count && stack->frames[at].object &&
	       fl_suppress_matches(pattern, stack->frames[at].object->path);
}

static bool matches(const struct fl_suppression *suppression, const struct fl_race *race)
{
	const char *type = fl_race_suppression_type(race->kind);
	bool is_race = !strcmp(type, "race"), top = !strcmp(suppression->type, "race_top"),
	     caller = !strcmp(suppression->type, "called_from_lib");
	if (!top && !caller)
		return !strcmp(suppression->type, type) && matches_any(suppression->pattern, race);
	for (size_t i = 0; is_race && i < race->access_count; i++)
		if (top ? matches_top(suppression->pattern, &race->accesses[i].stack)
			: matches_caller(suppression->pattern, &race->accesses[i].stack))
			return true;
	return false;
}

struct fl_suppression *fl_suppress_find(struct fl_suppressions *list, const struct fl_race *race)
{
	for (size_t i = 0; i < list->count; i++)
		if (matches(&list->items[i], race)) {
			list->items[i].hits++;
			return &list->items[i];
		}
	return NULL;
}
