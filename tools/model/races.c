/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * races.c: questions about races that several writers ask.
 */
#include <ctype.h>
#include <inttypes.h>
#include <string.h>

#include "model/race.h"
#include "util/memory.h"
#include "util/text.h"

size_t fl_races_open(const struct fl_races *races)
{
	return races->race_count - races->suppressed;
}

size_t fl_races_open_since(const struct fl_races *races, uint64_t since)
{
	size_t count = 0;
	for (size_t i = 0; i < races->race_count; i++)
		count += !races->races[i].suppressed_by && races->races[i].newest >= since;
	return count;
}

const struct fl_race_thread *fl_race_find_thread(const struct fl_race *race, uint32_t number)
{
	for (size_t i = 0; i < race->thread_count; i++)
		if (race->threads[i].number == number)
			return &race->threads[i];
	return NULL;
}

const struct fl_race_lock *fl_race_find_lock(const struct fl_race *race, uint32_t number)
{
	for (size_t i = 0; i < race->lock_count; i++)
		if (race->locks[i].number == number)
			return &race->locks[i];
	return NULL;
}

const char *fl_race_thread_title(const struct fl_race *race, uint32_t number, struct fl_arena *arena)
{
	const struct fl_race_thread *thread = fl_race_find_thread(race, number);
	const char *name = fl_race_thread_name(number, arena);
	if (!number || !thread || !thread->name || !*thread->name)
		return name;
	return fl_arena_format(arena, "%s '%s'", name, thread->name);
}

const char *fl_race_access_title(const struct fl_access *access, struct fl_arena *arena)
{
	if (access->title)
		return access->title;
	char *text = fl_arena_format(arena, "%s%s", access->atomic ? "atomic " : "", access->op);
	*text = (char)toupper((unsigned char)*text);
	if (!access->size)
		return text;
	return fl_arena_format(arena, "%s of size %" PRIu64, text, access->size);
}

const char *fl_race_access_full_title(
	const struct fl_race *race, const struct fl_access *access, struct fl_arena *arena)
{
	const char *title = fl_race_access_title(access, arena);
	return access->title ? title
			     : fl_arena_format(arena, "%s by %s", title,
				       fl_race_thread_title(race, access->thread, arena));
}

bool fl_race_is_of_accesses(const struct fl_race *race)
{
	return race->access_count && !race->accesses[0].title;
}

static const char *short_title(uint32_t thread, struct fl_arena *arena)
{
	return thread ? fl_race_thread_name(thread, arena) : "the main thread";
}

const char *fl_race_order_says(const struct fl_race *race, struct fl_arena *arena)
{
	const struct fl_race_order *order = &race->order;
	if (!order->known || race->access_count < 2)
		return NULL;
	const char *later = short_title(race->accesses[0].thread, arena);
	const char *earlier = short_title(race->accesses[1].thread, arena);
	const char *since = "";
	if (order->since)
		since = fl_arena_format(
			arena, ", nor did it acquire what %s released after its access", earlier);
	if (!order->heard)
		return fl_arena_format(
			arena, "Until then, %s had heard of nothing that %s did%s.", later, earlier, since);
	return fl_arena_format(arena, "The last that %s had heard of %s was from before that access%s.",
		later, earlier, since);
}

bool fl_race_lock_is_common(const struct fl_race *race, uint32_t lock)
{
	for (size_t i = 0; i < race->access_count; i++) {
		const struct fl_access *access = &race->accesses[i];
		bool held = false;
		for (size_t j = 0; j < access->held_count; j++)
			held |= access->held[j].lock == lock;
		if (!held)
			return false;
	}
	return race->access_count > 0;
}

bool fl_race_has_common_lock(const struct fl_race *race)
{
	for (size_t i = 0; race->access_count && i < race->accesses[0].held_count; i++)
		if (fl_race_lock_is_common(race, race->accesses[0].held[i].lock))
			return true;
	return false;
}

const char *fl_race_place_word(enum fl_race_place place)
{
	switch (place) {
	case FL_PLACE_HEAP:
		return "heap";
	case FL_PLACE_GLOBAL:
		return "global";
	case FL_PLACE_STACK:
		return "stack";
	case FL_PLACE_TLS:
		return "tls";
	case FL_PLACE_DESCRIPTOR:
		return "descriptor";
	case FL_PLACE_UNKNOWN:
		break;
	}
	return "unknown";
}

static const char *global_title(const struct fl_race_location *location, struct fl_arena *arena)
{
	const char *size = location->size ? fl_arena_format(arena, " of size %" PRIu64, location->size) : "";
	const char *where = location->module ? fl_arena_format(arena, " (%s+0x%" PRIx64 ")", location->module,
						       location->offset)
					     : "";
	if (!location->name)
		return fl_arena_format(arena, "a global%s%s", size, where);
	return fl_arena_format(arena, "global '%s'%s%s", location->name, size, where);
}

const char *fl_race_location_title(const struct fl_race *race, struct fl_arena *arena)
{
	const struct fl_race_location *location = &race->location;
	switch (location->place) {
	case FL_PLACE_HEAP:
		return fl_arena_format(arena, "heap block of size %" PRIu64 " at 0x%" PRIx64, location->size,
			location->address);
	case FL_PLACE_GLOBAL:
		return global_title(location, arena);
	case FL_PLACE_STACK:
		return fl_arena_format(
			arena, "stack of %s", fl_race_thread_title(race, location->thread, arena));
	case FL_PLACE_TLS:
		return fl_arena_format(arena, "thread-local memory of %s",
			fl_race_thread_title(race, location->thread, arena));
	case FL_PLACE_DESCRIPTOR:
		return fl_arena_format(arena, "file descriptor %" PRIu64, location->address);
	case FL_PLACE_UNKNOWN:
		break;
	}
	return "memory of unknown origin";
}

const char *fl_race_object(const struct fl_race *race, struct fl_arena *arena)
{
	const struct fl_race_location *location = &race->location;
	const struct fl_frame *top = fl_race_top(&location->allocated);
	if (race->subject.type)
		return fl_arena_format(arena, "%s of %s", race->subject.field, race->subject.type);
	if (location->place == FL_PLACE_GLOBAL && location->name)
		return fl_arena_format(arena, "global '%s'", location->name);
	if (location->place != FL_PLACE_HEAP || !top)
		return NULL;
	if (!top->function)
		return fl_arena_format(arena, "block from %s:%u", top->file, top->line);
	return fl_arena_format(arena, "block from %s:%u in %s", top->file, top->line,
		fl_race_short_name(top->function, arena));
}

const char *fl_race_short_name(const char *function, struct fl_arena *arena)
{
	const char *name = fl_text_generic_name(arena, function);
	size_t depth = 0;
	for (const char *p = name; *p; p++)
		depth += *p == '{' ? 1 : *p == '}' ? -1 : 0;
	return *name && !depth ? name : function;
}

const char *fl_race_brief(const struct fl_race *race, struct fl_arena *arena)
{
	for (size_t i = 0; i < race->access_count; i++) {
		const struct fl_frame *top = fl_race_top(&race->accesses[i].stack);
		if (top && top->function)
			return fl_arena_format(arena, "%s:%u in %s", top->file, top->line,
				fl_race_short_name(top->function, arena));
	}
	return race->summary;
}
