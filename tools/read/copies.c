/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * copies.c: see copies.h. File ids are untrusted: they may form a cycle.
 */
#include "read/copies.h"

#include <furlong/format.h>
#include <stdlib.h>
#include <string.h>

#include "util/memory.h"

enum { DEEPEST = 256 };

static void find_hulls(struct copies *copies, const struct shape *shape)
{
	for (size_t i = 0; i < shape->file_count; i++)
		copies->hulls[i] = (struct fl_span){{UINT32_MAX, 0}, {0, 0}};
	for (size_t i = 0; i < shape->region_count; i++) {
		const struct fl_span *its = &shape->regions[i].span;
		struct fl_span *hull = &copies->hulls[shape->regions[i].file];
		if (fl_position_compare(its->start, hull->start) < 0)
			hull->start = its->start;
		if (fl_position_compare(its->end, hull->end) > 0)
			hull->end = its->end;
	}
}

/* A macro is given what stands behind its name, in the text around that; its own text stands elsewhere. */
static uint32_t find_home(
	const struct copies *copies, const struct uses *uses, const struct shape *shape, uint32_t file)
{
	struct fl_position at = copies->hulls[file].start;
	size_t parent = uses->parents[file];
	for (unsigned depth = 0; parent != SIZE_MAX && depth < DEEPEST; depth++) {
		const struct shape_region *use = &shape->regions[parent];
		if (shape->files[use->file] == shape->files[file] &&
			fl_position_compare(use->span.end, at) <= 0 &&
			fl_position_compare(at, copies->hulls[use->file].end) < 0)
			return use->file;
		parent = uses->parents[use->file];
	}
	return UINT32_MAX;
}

static bool is_told(const struct shape_region *region)
{
	return (region->kind == FURLONG_REGION_CODE || region->kind == FURLONG_REGION_EXPANSION) &&
	       region->count;
}

static void collect(struct copies *copies, const struct shape *shape, struct counts *counts)
{
	for (size_t i = 0; i < shape->region_count; i++) {
		const struct shape_region *region = &shape->regions[i];
		if (copies->homes[region->file] == UINT32_MAX || !is_told(region))
			continue;
		uint64_t count = fl_counts_value(counts, region->count);
		*FL_PUSH(copies->items, copies->count, copies->capacity) =
			(struct copy){region, copies->homes[region->file], i, count, count};
	}
}

/* 0: copies of one text. */
static int compare_texts(const struct copy *a, const struct copy *b)
{
	if (a->home != b->home)
		return a->home < b->home ? -1 : 1;
	if (a->text->kind != b->text->kind)
		return a->text->kind < b->text->kind ? -1 : 1;
	int order = fl_position_compare(a->text->span.start, b->text->span.start);
	return order ? order : fl_position_compare(a->text->span.end, b->text->span.end);
}

static int compare_copies(const void *left, const void *right)
{
	const struct copy *a = left, *b = right;
	int order = compare_texts(a, b);
	return order ? order : (a->text > b->text) - (a->text < b->text);
}

static unsigned depth_of(const struct uses *uses, const struct shape *shape, uint32_t file)
{
	unsigned depth = 0;
	for (; uses->parents[file] != SIZE_MAX && depth < DEEPEST; depth++)
		file = shape->regions[uses->parents[file]].file;
	return depth;
}

/* The smallest region of code around another one in the same text, or the use that leads to the text;
 * SIZE_MAX where that is home. */
static size_t find_around(const struct uses *uses, const struct shape *shape, size_t inner, uint32_t home)
{
	const struct shape_region *its = &shape->regions[inner];
	size_t found = SIZE_MAX;
	for (size_t i = 0; i < shape->region_count; i++) {
		const struct shape_region *region = &shape->regions[i];
		int start = fl_position_compare(region->span.start, its->span.start);
		int end = fl_position_compare(its->span.end, region->span.end);
		if (region->file != its->file || region->kind != FURLONG_REGION_CODE || start > 0 ||
			end > 0 || (!start && !end))
			continue;
		if (found == SIZE_MAX ||
			fl_position_compare(region->span.start, shape->regions[found].span.start) > 0 ||
			fl_position_compare(region->span.end, shape->regions[found].span.end) < 0)
			found = i;
	}
	return found == SIZE_MAX && its->file != home ? uses->parents[its->file] : found;
}

/* The innermost: nothing that is around another one comes before that one. */
static struct copy *find_innermost(
	const struct uses *uses, const struct shape *shape, struct copy *group, size_t count)
{
	struct copy *found = NULL;
	unsigned deepest = 0;
	for (size_t i = 0; i < count; i++) {
		const struct shape_region *its = &shape->regions[group[i].around];
		const struct shape_region *best = found ? &shape->regions[found->around] : its;
		unsigned depth = depth_of(uses, shape, its->file);
		int order = fl_position_compare(its->span.start, best->span.start);
		if (!order)
			order = fl_position_compare(best->span.end, its->span.end);
		if (!found || depth > deepest || (depth == deepest && order > 0)) {
			found = &group[i];
			deepest = depth;
		}
	}
	return found;
}

static uint64_t larger(uint64_t a, uint64_t b)
{
	return a > b ? a : b;
}

/* Adds what comes to a region to what came there before. More than can come to it on different ways comes one
 * after the other. */
static void join(struct copy *into, const struct copy *from, uint64_t around)
{
	uint64_t most = larger(larger(into->came, from->came), around), came, count;
	bool apart = !__builtin_add_overflow(into->came, from->came, &came) && came <= most &&
		     !__builtin_add_overflow(into->count, from->count, &count);
	into->came = apart ? came : most;
	into->count = apart ? count : larger(into->count, from->count);
}

/* Returns how many are left: what cannot be led to one place adds up. */
static size_t join_group(const struct uses *uses, const struct shape *shape, struct counts *counts,
	struct copy *group, size_t count)
{
	for (size_t steps = count * DEEPEST; count > 1 && steps; steps--) {
		struct copy *inner = find_innermost(uses, shape, group, count);
		size_t around = find_around(uses, shape, inner->around, inner->home), other = 0;
		if (around == SIZE_MAX)
			break;
		inner->came = fl_counts_value(counts, shape->regions[inner->around].count);
		inner->around = around;
		while (other < count && (&group[other] == inner || group[other].around != around))
			other++;
		if (other == count)
			continue;
		join(&group[other], inner, fl_counts_value(counts, shape->regions[around].count));
		*inner = group[--count];
	}
	return count;
}

static void join_all(
	struct copies *copies, const struct uses *uses, const struct shape *shape, struct counts *counts)
{
	for (size_t i = 0, next; i < copies->count; i = next) {
		struct copy *group = &copies->items[i];
		struct copy_told *first = &copies->told[group->text - shape->regions];
		for (next = i; next < copies->count && !compare_texts(group, &copies->items[next]); next++)
			copies->told[copies->items[next].text - shape->regions].is_copy = true;
		size_t left = join_group(uses, shape, counts, group, next - i);
		first->is_first = true;
		for (size_t k = 0; k < left; k++)
			if (__builtin_add_overflow(first->count, group[k].count, &first->count))
				first->count = UINT64_MAX;
	}
}

static void find_homes(struct copies *copies, const struct uses *uses, const struct shape *shape)
{
	if (copies->file_capacity < shape->file_count) {
		copies->file_capacity = shape->file_count;
		copies->homes = fl_resize(copies->homes, copies->file_capacity, sizeof *copies->homes);
		copies->hulls = fl_resize(copies->hulls, copies->file_capacity, sizeof *copies->hulls);
	}
	find_hulls(copies, shape);
	for (uint32_t file = 0; file < shape->file_count; file++)
		copies->homes[file] = find_home(copies, uses, shape, file);
}

void fl_copies_find(
	struct copies *copies, const struct uses *uses, const struct shape *shape, struct counts *counts)
{
	copies->count = 0;
	find_homes(copies, uses, shape);
	collect(copies, shape, counts);
	if (!copies->count)
		return;
	if (copies->told_capacity < shape->region_count) {
		copies->told_capacity = shape->region_count;
		copies->told = fl_resize(copies->told, copies->told_capacity, sizeof *copies->told);
	}
	memset(copies->told, 0, shape->region_count * sizeof *copies->told);
	qsort(copies->items, copies->count, sizeof *copies->items, compare_copies);
	join_all(copies, uses, shape, counts);
}

bool fl_copies_tell(const struct copies *copies, size_t region, uint64_t *count)
{
	if (!copies->count || !copies->told[region].is_copy)
		return true;
	*count = copies->told[region].count;
	return copies->told[region].is_first;
}

void fl_copies_free(struct copies *copies)
{
	free(copies->homes);
	free(copies->hulls);
	free(copies->items);
	free(copies->told);
	*copies = (struct copies){0};
}
