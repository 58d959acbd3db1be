/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * instances.c: see instances.h. Where a place has very many instances only the first ones are kept: nobody
 * reads ten thousand, and each takes as much memory as a function.
 */
#include "model/instances.h"

#include <stdlib.h>
#include <string.h>

#include "util/map.h"
#include "util/memory.h"

/* Whether the place has room for one more. */
static bool take_place(struct fl_map *known, size_t file, struct fl_position start)
{
	uint64_t key[] = {file, (uint64_t)start.line << 32 | start.column};
	struct fl_map_entry *entry = fl_map_put(known, key, sizeof key);
	if (entry->value == SIZE_MAX)
		entry->value = 0;
	return entry->value++ < FL_INSTANCES_KEPT;
}

static struct raw_instance *add_new(struct raw_file *raw, const struct raw_instance *facts,
	const struct raw_region *regions, size_t count)
{
	struct raw_instance *instance = FL_PUSH(raw->instances, raw->instance_count, raw->instance_capacity);
	*instance = *facts;
	instance->first = raw->instance_region_count;
	instance->region_count = count;
	for (size_t i = 0; i < count; i++)
		*FL_PUSH(raw->instance_regions, raw->instance_region_count, raw->instance_region_capacity) =
			regions[i];
	return instance;
}

void fl_instances_add(struct raw_file *raw, size_t file, struct fl_map *known,
	const struct raw_instance *facts, const struct raw_region *regions, size_t count)
{
	uint64_t key[] = {file, (uintptr_t)facts->linkage, fl_raw_hash(regions, count)};
	struct fl_map_entry *entry = fl_map_put(known, key, sizeof key);
	if (entry->value == SIZE_MAX) {
		if (!take_place(known, file, facts->start))
			return; /* and so will its equals be, as their place stays full */
		entry = fl_map_put(known, key, sizeof key);
		entry->value = raw->instance_count;
		add_new(raw, facts, regions, count);
		return;
	}
	struct raw_instance *into = &raw->instances[entry->value];
	into->count = fl_add_counts(into->count, facts->count);
	for (size_t i = 0; i < count; i++) {
		struct raw_region *region = &raw->instance_regions[into->first + i];
		region->count = fl_add_counts(region->count, regions[i].count);
	}
}

/* By place, then by name; bodies of one name as they came. */
static int compare_instances(const void *left, const void *right)
{
	const struct raw_instance *a = left, *b = right;
	int order = fl_position_compare(a->start, b->start);
	if (!order)
		order = strcmp(a->linkage, b->linkage);
	return order ? order : (a->first > b->first) - (a->first < b->first);
}

/* Lines that both have add up. */
static void add_lines(
	struct fl_instance *into, const struct fl_line *lines, size_t count, struct fl_arena *arena)
{
	struct fl_line *all = fl_arena_array(arena, into->line_count + count, sizeof *all);
	size_t i = 0, j = 0, next = 0;
	while (i < into->line_count || j < count) {
		bool first = j == count || (i < into->line_count && into->lines[i].line <= lines[j].line);
		bool second = i == into->line_count || (j < count && lines[j].line <= into->lines[i].line);
		all[next] = first ? into->lines[i] : lines[j];
		if (first && second)
			all[next].count = fl_add_counts(into->lines[i].count, lines[j].count);
		i += first;
		j += second;
		next++;
	}
	into->lines = all;
	into->line_count = next;
}

/* items[0..count) have one name. */
static void make_instance(struct fl_instance *instance, struct raw_file *raw,
	const struct raw_instance *items, size_t count, struct fl_arena *arena)
{
	*instance = (struct fl_instance){.name = fl_name_readable(arena, items->linkage)};
	for (size_t i = 0; i < count; i++) {
		size_t line_count;
		struct fl_line *lines = fl_file_lines_of(
			&raw->instance_regions[items[i].first], items[i].region_count, &line_count, arena);
		instance->count = fl_add_counts(instance->count, items[i].count);
		if (i == 0) {
			instance->lines = lines;
			instance->line_count = line_count;
		} else {
			add_lines(instance, lines, line_count, arena);
		}
	}
}

void fl_file_instances(struct fl_file *file, struct raw_file *raw, struct fl_arena *arena)
{
	const struct raw_instance *items = raw->instances;
	if (raw->instance_count)
		qsort(raw->instances, raw->instance_count, sizeof *raw->instances, compare_instances);
	for (size_t i = 0, at = 0, next; i < file->function_count; i++) {
		struct fl_function *function = &file->functions[i];
		while (at < raw->instance_count && fl_position_compare(items[at].start, function->start) < 0)
			at++;
		if (function->instances < 2)
			continue;
		function->each = fl_arena_array(arena,
			function->instances < FL_INSTANCES_KEPT ? function->instances : FL_INSTANCES_KEPT,
			sizeof *function->each);
		for (; at < raw->instance_count && !fl_position_compare(items[at].start, function->start);
			at = next) {
			for (next = at + 1; next < raw->instance_count; next++)
				if (fl_position_compare(items[at].start, items[next].start) ||
					strcmp(items[at].linkage, items[next].linkage))
					break;
			make_instance(
				&function->each[function->each_count++], raw, &items[at], next - at, arena);
		}
	}
}
