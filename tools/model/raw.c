/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * raw.c: equal ranges add up.
 */
#include <stdlib.h>

#include "model/file.h"

/* By start, outer before inner, then by kind. */
static int compare_regions(const void *left, const void *right)
{
	const struct raw_region *a = left, *b = right;
	int order = fl_position_compare(a->start, b->start);
	if (!order)
		order = fl_position_compare(fl_raw_end(b), fl_raw_end(a));
	return order ? order : (int)a->kind - (int)b->kind;
}

void fl_raw_combine_regions(struct raw_file *raw)
{
	if (!raw->region_count)
		return;
	qsort(raw->regions, raw->region_count, sizeof *raw->regions, compare_regions);
	size_t last = 0;
	for (size_t i = 1; i < raw->region_count; i++) {
		struct raw_region *into = &raw->regions[last], *from = &raw->regions[i];
		if (compare_regions(into, from))
			raw->regions[++last] = *from;
		else
			into->count = fl_add_counts(into->count, from->count);
	}
	raw->region_count = last + 1;
}

static int compare_branches(const void *left, const void *right)
{
	const struct raw_branch *a = left, *b = right;
	int order = fl_position_compare(a->span.start, b->span.start);
	return order ? order : fl_position_compare(b->span.end, a->span.end);
}

void fl_raw_combine_branches(struct raw_file *raw)
{
	if (!raw->branch_count)
		return;
	qsort(raw->branches, raw->branch_count, sizeof *raw->branches, compare_branches);
	size_t last = 0;
	for (size_t i = 1; i < raw->branch_count; i++) {
		struct raw_branch *into = &raw->branches[last], *from = &raw->branches[i];
		if (compare_branches(into, from)) {
			raw->branches[++last] = *from;
			continue;
		}
		for (int outcome = 0; outcome < 2; outcome++) {
			into->taken[outcome] = fl_add_counts(into->taken[outcome], from->taken[outcome]);
			into->folded[outcome] &= from->folded[outcome];
		}
	}
	raw->branch_count = last + 1;
}

void fl_raw_free(struct raw_file *raw)
{
	free(raw->regions);
	free(raw->branches);
	free(raw->functions);
	raw->regions = NULL;
	raw->branches = NULL;
	raw->functions = NULL;
}
