/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * raw.c: equal ranges add up.
 */
#include <stdlib.h>
#include <string.h>

#include "model/file.h"
#include "model/variants.h"
#include "util/map.h"

/* By start, outer before inner, then by kind. */
int fl_raw_compare(const void *left, const void *right)
{
	const struct raw_region *a = left, *b = right;
	int order = fl_position_compare(a->start, b->start);
	if (!order)
		order = fl_position_compare(fl_raw_end(b), fl_raw_end(a));
	return order ? order : (int)a->kind - (int)b->kind;
}

size_t fl_raw_combine(struct raw_region *regions, size_t count)
{
	if (!count)
		return 0;
	qsort(regions, count, sizeof *regions, fl_raw_compare);
	size_t last = 0;
	for (size_t i = 1; i < count; i++) {
		struct raw_region *into = &regions[last], *from = &regions[i];
		if (fl_raw_compare(into, from))
			regions[++last] = *from;
		else
			into->count = fl_add_counts(into->count, from->count);
	}
	return last + 1;
}

uint64_t fl_raw_hash(const struct raw_region *regions, size_t count)
{
	uint64_t hash = count;
	for (size_t i = 0; i < count; i++) {
		const struct raw_region *region = &regions[i];
		uint64_t words[] = {hash, (uint64_t)region->start.line << 32 | region->start.column,
			(uint64_t)region->end_line << 32 | (uint64_t)region->end_column << 3 | region->kind};
		hash = fl_hash(words, sizeof words);
	}
	return hash;
}

void fl_raw_combine_regions(struct raw_file *raw)
{
	raw->region_count = fl_raw_combine(raw->regions, raw->region_count);
}

/* By start, outer before inner. */
static int compare_spans(const struct fl_span *a, const struct fl_span *b)
{
	int order = fl_position_compare(a->start, b->start);
	return order ? order : fl_position_compare(b->end, a->end);
}

int fl_raw_compare_branches(const struct fl_branch_facts *a, const struct fl_branch_facts *b)
{
	int order = compare_spans(&a->span, &b->span);
	if (order)
		return order;
	if (!a->macro != !b->macro)
		return a->macro ? 1 : -1;
	if (a->nesting != b->nesting)
		return a->nesting < b->nesting ? -1 : 1;
	if (a->macro != b->macro)
		return strcmp(a->macro, b->macro);
	order = compare_spans(&a->in_macro, &b->in_macro);
	return order ? order : (a->ordinal > b->ordinal) - (a->ordinal < b->ordinal);
}

static int compare_branches(const void *left, const void *right)
{
	return fl_raw_compare_branches(left, right);
}

void fl_raw_combine_branches(struct raw_file *raw)
{
	if (!raw->branch_count)
		return;
	qsort(raw->branches, raw->branch_count, sizeof *raw->branches, compare_branches);
	size_t last = 0;
	for (size_t i = 1; i < raw->branch_count; i++) {
		struct fl_branch_facts *into = &raw->branches[last], *from = &raw->branches[i];
		if (compare_branches(into, from)) {
			raw->branches[++last] = *from;
			continue;
		}
		for (int outcome = 0; outcome < 2; outcome++) {
			into->taken[outcome] = fl_add_counts(into->taken[outcome], from->taken[outcome]);
			into->folded[outcome] &= from->folded[outcome];
		}
		into->alone |= from->alone;
		into->unfollowed |= from->unfollowed;
	}
	raw->branch_count = last + 1;
}

void fl_raw_free(struct raw_file *raw)
{
	free(raw->regions);
	free(raw->body_regions);
	free(raw->bodies);
	fl_variants_free(raw->variants);
	free(raw->branches);
	fl_raw_free_decisions(raw);
	free(raw->functions);
	free(raw->instances);
	free(raw->instance_regions);
	free(raw->said_lines);
	free(raw->said_no_code);
	free(raw->stretches);
	free(raw->exclusions);
	raw->said_lines = NULL;
	raw->said_no_code = NULL;
	raw->stretches = NULL;
	raw->exclusions = NULL;
	raw->regions = NULL;
	raw->body_regions = NULL;
	raw->bodies = NULL;
	raw->variants = NULL;
	raw->branches = NULL;
	raw->functions = NULL;
	raw->instances = NULL;
	raw->instance_regions = NULL;
}
