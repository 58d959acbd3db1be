/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * texts.c: see texts.h.
 */
#include "read/texts.h"

#include <furlong/format.h>
#include <stdlib.h>

#include "util/memory.h"

static struct fl_region_facts facts_of(const struct shape_region *region, struct counts *counts)
{
	static const enum fl_region_kind kinds[] = {
		[FURLONG_REGION_CODE] = FL_REGION_CODE,
		[FURLONG_REGION_EXPANSION] = FL_REGION_EXPANSION,
		[FURLONG_REGION_SKIPPED] = FL_REGION_SKIPPED,
		[FURLONG_REGION_GAP] = FL_REGION_GAP,
	};
	bool counted = region->kind != FURLONG_REGION_SKIPPED;
	return (struct fl_region_facts){
		kinds[region->kind], region->span, counted ? fl_counts_value(counts, region->count) : 0};
}

/* Sorts by file id, keeping the order within each. */
static void sort_regions(struct texts *texts, struct counts *counts)
{
	const struct shape *shape = counts->shape;
	size_t *ends = texts->ends, sum = 0;
	for (size_t id = 0; id < shape->file_count; id++)
		ends[id] = 0;
	for (size_t i = 0; i < shape->region_count; i++)
		ends[shape->regions[i].file] += shape->regions[i].kind != FURLONG_REGION_BRANCH;
	for (size_t id = 0; id < shape->file_count; id++) {
		size_t count = ends[id];
		ends[id] = sum; /* its begin, until it is filled */
		sum += count;
	}
	for (size_t i = 0; i < shape->region_count; i++)
		if (shape->regions[i].kind != FURLONG_REGION_BRANCH)
			texts->regions[ends[shape->regions[i].file]++] = facts_of(&shape->regions[i], counts);
}

void fl_texts_add(struct texts *texts, struct fl_build *build, const struct fl_sources *sources,
	const size_t *pairs, struct counts *counts)
{
	const struct shape *shape = counts->shape;
	texts->regions = fl_resize(texts->regions, shape->region_count + 1, sizeof *texts->regions);
	texts->ends = fl_resize(texts->ends, shape->file_count + 1, sizeof *texts->ends);
	sort_regions(texts, counts);
	bool emitted = !(shape->flags & FURLONG_SHAPE_NEVER_EMITTED);
	for (size_t id = 0, begin = 0; id < shape->file_count; begin = texts->ends[id++]) {
		size_t file;
		if (fl_sources_fate(sources, pairs[shape->files[id]], &file) == FL_SOURCE_KEPT)
			fl_build_text(build, file, texts->regions + begin, texts->ends[id] - begin, emitted);
	}
}

void fl_texts_free(struct texts *texts)
{
	free(texts->regions);
	free(texts->ends);
	*texts = (struct texts){0};
}
