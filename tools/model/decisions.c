/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * decisions.c: what binaries say of decisions, added up. A decision is told from others by the places of its
 * conditions and by how each leads to the next: instances of a template, of a macro's use and of a header add
 * up, and those that other macros made different are decisions of their own.
 */
#include <stdlib.h>
#include <string.h>

#include "model/decision.h"
#include "model/file.h"
#include "util/memory.h"

void fl_raw_decision(struct raw_file *raw, const struct fl_decision_facts *facts)
{
	struct raw_decision *decision = FL_PUSH(raw->decisions, raw->decision_count, raw->decision_capacity);
	*decision = (struct raw_decision){
		.conditions = fl_resize(NULL, facts->condition_count, sizeof *decision->conditions),
		.condition_count = facts->condition_count,
		.paths = fl_resize(NULL, facts->path_count + 1, sizeof *decision->paths),
		.path_count = facts->path_count,
		.unrecorded = facts->unrecorded,
	};
	memcpy(decision->conditions, facts->conditions, facts->condition_count * sizeof *facts->conditions);
	if (facts->path_count)
		memcpy(decision->paths, facts->paths, facts->path_count * sizeof *facts->paths);
}

void fl_raw_free_decisions(struct raw_file *raw)
{
	for (size_t i = 0; i < raw->decision_count; i++) {
		free(raw->decisions[i].conditions);
		free(raw->decisions[i].paths);
	}
	free(raw->decisions);
	raw->decisions = NULL;
	raw->decision_count = raw->decision_capacity = 0;
}

static int compare_numbers(uint64_t a, uint64_t b)
{
	return (a > b) - (a < b);
}

static int compare_decisions(const void *left, const void *right)
{
	const struct raw_decision *a = left, *b = right;
	size_t least = a->condition_count < b->condition_count ? a->condition_count : b->condition_count;
	for (size_t i = 0; i < least; i++) {
		int order = fl_raw_compare_branches(&a->conditions[i].place, &b->conditions[i].place);
		for (int value = 0; !order && value < 2; value++)
			order = compare_numbers(a->conditions[i].next[value], b->conditions[i].next[value]);
		if (order)
			return order;
	}
	return compare_numbers(a->condition_count, b->condition_count);
}

static int compare_paths(const void *left, const void *right)
{
	const struct fl_path_facts *a = left, *b = right;
	return compare_numbers(a->path, b->path);
}

/* items[0..count) are instances of one. */
static void add_up(struct raw_decision *items, size_t count)
{
	struct raw_decision *into = &items[0];
	size_t all = 0, last = 0;
	for (size_t i = 0; i < count; i++)
		all += items[i].path_count;
	into->paths = fl_resize(into->paths, all + 1, sizeof *into->paths);
	for (size_t i = 1; i < count; i++) {
		memcpy(&into->paths[into->path_count], items[i].paths,
			items[i].path_count * sizeof *into->paths);
		into->path_count += items[i].path_count;
		into->unrecorded = fl_add_counts(into->unrecorded, items[i].unrecorded);
	}
	if (!all)
		return;
	qsort(into->paths, all, sizeof *into->paths, compare_paths);
	for (size_t i = 1; i < all; i++) {
		struct fl_path_facts *to = &into->paths[last], *from = &into->paths[i];
		if (to->path == from->path)
			to->count = fl_add_counts(to->count, from->count);
		else
			into->paths[++last] = *from;
	}
	into->path_count = last + 1;
}

static const struct fl_branch *find_branch(
	const struct fl_file *file, const struct raw_file *raw, const struct fl_branch_facts *place)
{
	size_t low = 0, high = raw->branch_count;
	while (low < high) {
		size_t middle = low + (high - low) / 2;
		if (fl_raw_compare_branches(&raw->branches[middle], place) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return low < raw->branch_count && !fl_raw_compare_branches(&raw->branches[low], place)
		       ? &file->branches[low]
		       : NULL;
}

static void place_decision(struct fl_decision *decision)
{
	decision->start = decision->conditions[0].branch->start;
	decision->end = decision->conditions[0].branch->end;
	for (uint32_t i = 1; i < decision->condition_count; i++) {
		const struct fl_branch *branch = decision->conditions[i].branch;
		if (fl_position_compare(branch->start, decision->start) < 0)
			decision->start = branch->start;
		if (fl_position_compare(branch->end, decision->end) > 0)
			decision->end = branch->end;
	}
}

static void make_decision(struct fl_file *file, const struct raw_file *raw, const struct raw_decision *from,
	struct fl_arena *arena)
{
	struct fl_decision *decision = &file->decisions[file->decision_count];
	*decision = (struct fl_decision){
		.conditions = fl_arena_array(arena, from->condition_count, sizeof *decision->conditions),
		.condition_count = (uint32_t)from->condition_count,
		.vectors = fl_arena_array(arena, from->path_count, sizeof *decision->vectors),
		.unrecorded = from->unrecorded,
	};
	for (size_t i = 0; i < from->condition_count; i++) {
		struct fl_operand *condition = &decision->conditions[i];
		*condition = (struct fl_operand){find_branch(file, raw, &from->conditions[i].place),
			{from->conditions[i].next[0], from->conditions[i].next[1]}};
		if (!condition->branch)
			return;
	}
	uint64_t possible = fl_decision_paths(decision);
	for (size_t i = 0; i < from->path_count; i++) {
		if (!from->paths[i].count || from->paths[i].path >= possible)
			continue;
		struct fl_vector *vector = &decision->vectors[decision->vector_count++];
		*vector = fl_decision_vector(decision, from->paths[i].path);
		vector->count = from->paths[i].count;
	}
	place_decision(decision);
	fl_decision_judge(decision, arena);
	file->decision_count++;
}

/* A condition that is a decision by itself: its two outcomes are all there is. */
static void make_alone(
	struct fl_file *file, const struct raw_file *raw, size_t branch, struct fl_arena *arena)
{
	const struct fl_branch_facts *place = &raw->branches[branch];
	struct raw_condition condition = {.place = *place, .next = {0, 1}};
	struct fl_path_facts paths[] = {{0, place->taken[1]}, {1, place->taken[0]}};
	struct raw_decision alone = {
		.conditions = &condition, .condition_count = 1, .paths = paths, .path_count = 2};
	if (place->alone && !place->folded[0] && !place->folded[1])
		make_decision(file, raw, &alone, arena);
}

static int compare_made(const void *left, const void *right)
{
	const struct fl_decision *a = left, *b = right;
	int order = fl_position_compare(a->start, b->start);
	if (!order)
		order = fl_position_compare(b->end, a->end);
	/* Those of one macro's use: by the text of their first conditions. */
	return order ? order
		     : (a->conditions[0].branch > b->conditions[0].branch) -
			       (a->conditions[0].branch < b->conditions[0].branch);
}

void fl_file_decisions(struct fl_file *file, struct raw_file *raw, struct fl_arena *arena)
{
	size_t most = raw->decision_count;
	for (size_t i = 0; i < raw->branch_count; i++)
		most += raw->branches[i].alone;
	if (!most)
		return;
	file->decisions = fl_arena_array(arena, most, sizeof *file->decisions);
	if (raw->decision_count)
		qsort(raw->decisions, raw->decision_count, sizeof *raw->decisions, compare_decisions);
	for (size_t i = 0, next; i < raw->decision_count; i = next) {
		for (next = i + 1; next < raw->decision_count; next++)
			if (compare_decisions(&raw->decisions[i], &raw->decisions[next]))
				break;
		add_up(&raw->decisions[i], next - i);
		make_decision(file, raw, &raw->decisions[i], arena);
	}
	for (size_t i = 0; i < raw->branch_count; i++)
		make_alone(file, raw, i, arena);
	qsort(file->decisions, file->decision_count, sizeof *file->decisions, compare_made);
}
