/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * symbols.c: see symbols.h. Objects stay open.
 */
#include "read/symbols.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "model/file.h"
#include "read/expression.h"
#include "read/paths.h"
#include "read/source_lines.h"
#include "read/symbols_object.h"
#include "util/map.h"
#include "util/memory.h"
#include "util/text.h"

#define INLINED_LIMIT 64

struct known_object {
	const char *path, *build_id;
	struct fl_symbols_object *symbols; /* NULL: could not be had */
};

struct fl_symbols {
	const char *root;
	struct fl_arena *arena;
	struct known_object *objects;
	size_t object_count, object_capacity;
	struct fl_words missing;
	struct fl_source_lines *sources;
};

struct fl_symbols *fl_symbols_new(const char *root)
{
	struct fl_symbols *symbols = fl_alloc(sizeof *symbols);
	symbols->arena = fl_arena_new();
	symbols->sources = fl_source_lines_new();
	symbols->root = root ? fl_arena_bytes(symbols->arena, root, strlen(root)) : NULL;
	return symbols;
}

void fl_symbols_free(struct fl_symbols *symbols)
{
	for (size_t i = 0; i < symbols->object_count; i++)
		if (symbols->objects[i].symbols)
			fl_symbols_object_close(symbols->objects[i].symbols);
	free(symbols->objects);
	free(symbols->missing.items);
	fl_source_lines_free(symbols->sources);
	fl_arena_free(symbols->arena);
	free(symbols);
}

const char *const *fl_symbols_missing(const struct fl_symbols *symbols, size_t *count)
{
	*count = symbols->missing.count;
	return symbols->missing.items;
}

static struct fl_symbols_object *open_object(struct fl_symbols *symbols, const struct fl_object *object)
{
	for (size_t i = 0; i < symbols->object_count; i++)
		if (!strcmp(symbols->objects[i].path, object->path) &&
			!strcmp(symbols->objects[i].build_id, object->build_id))
			return symbols->objects[i].symbols;
	struct known_object *known =
		FL_PUSH(symbols->objects, symbols->object_count, symbols->object_capacity);
	const char *why = NULL;
	known->path = fl_arena_bytes(symbols->arena, object->path, strlen(object->path));
	known->build_id = fl_arena_bytes(symbols->arena, object->build_id, strlen(object->build_id));
	known->symbols = fl_symbols_object_open(known->path, known->build_id, symbols->arena, &why);
	if (!known->symbols && strncmp(known->path, "linux-vdso", 10))
		*FL_PUSH(symbols->missing.items, symbols->missing.count, symbols->missing.capacity) =
			fl_arena_format(symbols->arena, "%s: %s", known->path, why ? why : "not readable");
	return known->symbols;
}

static const char *shown(const struct fl_symbols *symbols, const char *path)
{
	const char *below = symbols->root ? fl_text_below(path, symbols->root) : NULL;
	return below && *below ? below : path;
}

static bool is_system_object(const struct fl_object *object)
{
	return fl_paths_is_system(object->path) || strstr(object->path, "/libfurlong_rt.so");
}

static void fill_in(const struct fl_symbols *symbols, struct fl_frame *frame,
	const struct fl_symbols_line *line, struct fl_arena *arena)
{
	frame->inlined = line->inlined;
	if (line->function)
		frame->function = fl_name_readable(
			arena, fl_arena_bytes(arena, line->function, strlen(line->function)));
	if (line->file && *line->file == '/') {
		frame->disk_path = fl_text_clean_path(arena, line->file, "/");
		frame->file = shown(symbols, frame->disk_path);
	} else if (line->file) { /* built where nobody is to know: as the compiler was told */
		frame->file = fl_arena_bytes(arena, line->file, strlen(line->file));
		frame->file += strncmp(frame->file, "./", 2) ? 0 : 2;
	}
	if (line->file) {
		frame->line = line->line;
		frame->column = line->column;
	}
	frame->system =
		(frame->disk_path && fl_paths_is_system(frame->disk_path)) || is_system_object(frame->object);
}

static void resolve_stack(struct fl_symbols *symbols, struct fl_stack *stack, struct fl_arena *arena)
{
	struct fl_symbols_line lines[INLINED_LIMIT];
	struct fl_frame *frames = NULL;
	size_t count = 0, capacity = 0;
	for (size_t i = 0; i < stack->count; i++) {
		struct fl_frame *raw = &stack->frames[i];
		struct fl_symbols_object *object = raw->object ? open_object(symbols, raw->object) : NULL;
		size_t found =
			object ? fl_symbols_object_lines(object, raw->offset, lines, INLINED_LIMIT, arena)
			       : 0;
		if (!found)
			*FL_PUSH(frames, count, capacity) = *raw;
		if (!found && !raw->cut)
			frames[count - 1].system = !raw->object || is_system_object(raw->object);
		for (size_t j = 0; j < found; j++) {
			struct fl_frame *frame = FL_PUSH(frames, count, capacity);
			*frame = *raw;
			fill_in(symbols, frame, &lines[j], arena);
		}
	}
	if (count) {
		stack->frames = fl_arena_array(arena, count, sizeof *frames);
		memcpy(stack->frames, frames, count * sizeof *frames);
	}
	stack->count = count;
	free(frames);
}

static void resolve_global(
	struct fl_symbols *symbols, struct fl_race_location *location, struct fl_arena *arena)
{
	uint64_t begin, size;
	struct fl_symbols_object *object = location->place == FL_PLACE_GLOBAL && location->object
						   ? open_object(symbols, location->object)
						   : NULL;
	const char *name =
		object ? fl_symbols_object_variable(object, location->offset, &begin, &size) : NULL;
	if (!name)
		return;
	location->symbol = fl_arena_bytes(arena, name, strlen(name));
	location->name = fl_name_readable(arena, location->symbol);
	location->size = size;
	location->address -= location->address ? location->offset - begin : 0;
	location->offset = begin;
}

/* Without the blanks around it. Whether the file is older text than what ran nobody knows. */
static const char *line_text(
	struct fl_symbols *symbols, const char *path, uint32_t line, struct fl_arena *arena)
{
	const char *text = fl_source_lines_get(symbols->sources, path, line, arena);
	if (!text)
		return NULL;
	text += strspn(text, " \t");
	size_t length = strlen(text);
	while (length && strchr(" \t\r", text[length - 1]))
		length--;
	return fl_arena_bytes(arena, text, length);
}

/* What an access is of, as its line says; and what that is by its type. */
static void name_access(struct fl_symbols *symbols, const struct fl_access *access,
	struct fl_subject *subject, struct fl_arena *arena)
{
	const struct fl_frame *frame = access->stack.count ? &access->stack.frames[0] : NULL;
	struct fl_expression expression;
	if (!frame || !frame->object || frame->system)
		return;
	const char *text = fl_source_lines_get(symbols->sources, frame->disk_path, frame->line, arena);
	if (!text || !fl_expression_at(&expression, text, strlen(text), frame->column, arena))
		return;
	subject->expression = expression.text;
	struct fl_symbols_object *object = open_object(symbols, frame->object);
	if (object)
		fl_symbols_object_field(object, frame->offset, &expression, access->size, subject, arena);
}

/* A global is named by its address; else the access that says most names the memory for both. */
static void name_subject(struct fl_symbols *symbols, struct fl_race *race, struct fl_arena *arena)
{
	struct fl_race_location *location = &race->location;
	struct fl_subject *best = &race->subject;
	if (location->place == FL_PLACE_GLOBAL && location->name && location->object && race->access_count) {
		struct fl_symbols_object *object = open_object(symbols, location->object);
		uint64_t offset = race->accesses[0].address - location->address;
		if (object && offset < location->size)
			fl_symbols_object_part(
				object, location->symbol, offset, race->accesses[0].size, best, arena);
	}
	for (size_t i = 0; i < race->access_count && !best->type; i++) {
		struct fl_subject subject = {0};
		name_access(symbols, &race->accesses[i], &subject, arena);
		if (subject.type || !best->expression)
			*best = subject;
	}
}

const char *fl_symbols_summary(const struct fl_race *race, struct fl_arena *arena)
{
	for (size_t i = 0; i < race->access_count; i++) {
		const struct fl_frame *top = fl_race_top(&race->accesses[i].stack);
		if (!top)
			continue;
		const char *place = fl_arena_format(arena, "%s:%u", top->file, top->line);
		if (top->column)
			place = fl_arena_format(arena, "%s:%u", place, top->column);
		return top->function ? fl_arena_format(arena, "%s in %s", place, top->function) : place;
	}
	for (size_t i = 0; i < race->access_count; i++) {
		const struct fl_stack *stack = &race->accesses[i].stack;
		if (!stack->count || !stack->frames[0].module)
			continue;
		const struct fl_frame *first = &stack->frames[0];
		const char *place = fl_arena_format(
			arena, "(%s+0x%llx)", first->module, (unsigned long long)first->offset);
		return first->function ? fl_arena_format(arena, "%s in %s", place, first->function) : place;
	}
	return "in a place unknown";
}

void fl_symbols_read_text(struct fl_symbols *symbols, struct fl_race *race, struct fl_arena *arena)
{
	for (size_t i = 0; i < race->access_count; i++) {
		struct fl_stack *stack = &race->accesses[i].stack;
		for (size_t j = 0; j < stack->count; j++)
			if (&stack->frames[j] == fl_race_top(stack) && !stack->frames[j].text)
				stack->frames[j].text = line_text(
					symbols, stack->frames[j].disk_path, stack->frames[j].line, arena);
	}
}

void fl_symbols_resolve(struct fl_symbols *symbols, struct fl_race *race, struct fl_arena *arena)
{
	for (size_t i = 0; i < race->access_count; i++)
		resolve_stack(symbols, &race->accesses[i].stack, arena);
	fl_symbols_read_text(symbols, race, arena);
	resolve_stack(symbols, &race->location.allocated, arena);
	resolve_stack(symbols, &race->location.freed_at, arena);
	resolve_global(symbols, &race->location, arena);
	name_subject(symbols, race, arena);
	for (size_t i = 0; i < race->thread_count; i++)
		resolve_stack(symbols, &race->threads[i].created, arena);
	for (size_t i = 0; i < race->lock_count; i++)
		resolve_stack(symbols, &race->locks[i].created, arena);
	race->summary = fl_symbols_summary(race, arena);
	race->fingerprint = fl_race_fingerprint(race, arena);
}
