/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * uses.c: see uses.h. File ids are untrusted: they may form a cycle, which then is no macro's text.
 */
#include "read/uses.h"

#include <furlong/format.h>
#include <stdlib.h>
#include <string.h>

#include "util/map.h"
#include "util/memory.h"

enum { DEEPEST = 256 };

/* The expansion region that leads to each file id; SIZE_MAX where none does, or an #include. */
static void find_parents(
	struct uses *uses, const struct shape *shape, fl_uses_is_include *is_include, const void *context)
{
	for (size_t i = 0; i < shape->file_count; i++)
		uses->parents[i] = SIZE_MAX;
	for (size_t i = 0; i < shape->region_count; i++) {
		const struct shape_region *region = &shape->regions[i];
		if (region->kind == FURLONG_REGION_EXPANSION && region->expanded &&
			uses->parents[region->expanded] == SIZE_MAX && !is_include(context, region))
			uses->parents[region->expanded] = i;
	}
}

/* The place of a use within the text that it stands in, in the upper half so that it sorts; below it what
 * further uses within it came to. */
static uint64_t nest(uint64_t inner, struct fl_position place)
{
	uint64_t key[] = {inner, (uint64_t)place.line << 32 | place.column};
	return (uint64_t)(place.line & 0x3fffff) << 42 | (uint64_t)(place.column & 0x3ff) << 32 |
	       (fl_hash(key, sizeof key) & UINT32_MAX);
}

static struct use find_use(const struct uses *uses, const struct shape *shape, uint32_t id)
{
	struct use use = {.file = id};
	unsigned depth = 0;
	for (uint32_t at = id; uses->parents[at] != SIZE_MAX; depth++) {
		if (depth == DEEPEST)
			return (struct use){.file = id};
		const struct shape_region *region = &shape->regions[uses->parents[at]];
		if (use.macro)
			use.nesting = nest(use.nesting, use.span.start);
		use.macro = true;
		use.span = region->span;
		use.file = at = region->file;
	}
	return use;
}

static int compare_keys(const void *left, const void *right)
{
	const struct use_key *a = left, *b = right;
	if (a->hash != b->hash)
		return a->hash < b->hash ? -1 : 1;
	return (a->region > b->region) - (a->region < b->region);
}

/* Clang gives all conditions of a macro's argument the place of the parameter in the macro's text, or, when
 * the text uses the parameter twice, all of them the place of the argument. */
static void number_equals(struct uses *uses, const struct shape *shape)
{
	uses->key_count = 0;
	for (size_t i = 0; i < shape->region_count; i++) {
		const struct shape_region *region = &shape->regions[i];
		const struct use *use = &uses->items[region->file];
		uses->ordinals[i] = 0;
		if (region->kind != FURLONG_REGION_BRANCH)
			continue;
		struct {
			struct fl_span use, text;
			uint64_t nesting, file, used_in;
		} place = {use->span, region->span, use->nesting, shape->files[region->file], use->file};
		*FL_PUSH(uses->keys, uses->key_count, uses->key_capacity) =
			(struct use_key){fl_hash(&place, sizeof place), i};
	}
	if (uses->key_count)
		qsort(uses->keys, uses->key_count, sizeof *uses->keys, compare_keys);
	for (size_t i = 1; i < uses->key_count; i++)
		if (uses->keys[i].hash == uses->keys[i - 1].hash)
			uses->ordinals[uses->keys[i].region] = uses->ordinals[uses->keys[i - 1].region] + 1;
}

void fl_uses_find(
	struct uses *uses, const struct shape *shape, fl_uses_is_include *is_include, const void *context)
{
	if (uses->capacity < shape->file_count) {
		uses->capacity = shape->file_count;
		uses->items = fl_resize(uses->items, uses->capacity, sizeof *uses->items);
		uses->parents = fl_resize(uses->parents, uses->capacity, sizeof *uses->parents);
	}
	if (uses->ordinal_capacity < shape->region_count) {
		uses->ordinal_capacity = shape->region_count;
		uses->ordinals = fl_resize(uses->ordinals, uses->ordinal_capacity, sizeof *uses->ordinals);
	}
	find_parents(uses, shape, is_include, context);
	for (uint32_t id = 0; id < shape->file_count; id++)
		uses->items[id] = find_use(uses, shape, id);
	number_equals(uses, shape);
}

void fl_uses_free(struct uses *uses)
{
	free(uses->items);
	free(uses->parents);
	free(uses->ordinals);
	free(uses->keys);
	*uses = (struct uses){0};
}
