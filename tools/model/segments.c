/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * segments.c: nested regions flattened into a row of segments, as llvm-cov flattens them.
 *
 * Naive model: every character belongs to the innermost region around it; a segment is a longest run
 * of characters of one region. Regions nest, except where macros are used in ways that overlap; then
 * the region that ends first speaks first.
 *
 * Regions are visited by start. `open` holds those that have begun and not ended, in that order.
 */
#include <stdlib.h>
#include <string.h>

#include "model/file.h"
#include "util/memory.h"

struct sweep {
	struct segments *out;
	const struct raw_region *regions;
	const uint32_t *owners; /* of `regions`, or NULL */
	const struct raw_region **open;
	size_t open_count, open_capacity;
	struct fl_position *first_ends; /* of each of `open` and those before it, which of them ends first */
	size_t first_end_capacity;
};

enum how { ENTER, RESUME, NO_CODE };

static uint32_t owner_of(const struct sweep *sweep, const struct raw_region *region)
{
	return sweep->owners ? sweep->owners[region - sweep->regions] : 0;
}

static void emit(struct sweep *sweep, struct fl_position start, const struct raw_region *region, enum how how)
{
	struct segments *out = sweep->out;
	bool code = how != NO_CODE && region->kind != FL_REGION_SKIPPED;
	uint32_t owner = how == NO_CODE ? 0 : owner_of(sweep, region);
	if (out->count && how == RESUME) { /* nothing would change: no segment */
		const struct segment *last = &out->items[out->count - 1];
		if (last->code == code && last->count == region->count && last->owner == owner &&
			last->no_code == (region->kind == FL_REGION_NO_CODE) && !last->entry)
			return;
	}
	*FL_PUSH(out->items, out->count, out->capacity) = (struct segment){
		.start = start,
		.code = code,
		.entry = how == ENTER,
		.gap = code && region->kind == FL_REGION_GAP,
		.no_code = code && region->kind == FL_REGION_NO_CODE,
		.owner = owner,
		.count = code ? region->count : 0,
	};
}

static bool has_ended(const struct raw_region *region, struct fl_position here)
{
	return fl_position_compare(fl_raw_end(region), here) <= 0;
}

static void push_open(struct sweep *sweep, const struct raw_region *region)
{
	size_t count = sweep->open_count;
	struct fl_position end = fl_raw_end(region);
	if (count && !has_ended(region, sweep->first_ends[count - 1]))
		end = sweep->first_ends[count - 1];
	*FL_PUSH(sweep->first_ends, count, sweep->first_end_capacity) = end;
	*FL_PUSH(sweep->open, sweep->open_count, sweep->open_capacity) = region;
}

static bool any_ended(const struct sweep *sweep, size_t count, struct fl_position here)
{
	return count && fl_position_compare(sweep->first_ends[count - 1], here) <= 0;
}

/* Moves the regions of `open` that end at or before `here` to its end, keeping the order within both
 * parts; returns how many stay open. */
static size_t split_ended(struct sweep *sweep, struct fl_position here)
{
	size_t count = sweep->open_count, leave = 0;
	const struct raw_region **ended = fl_alloc(count * sizeof *ended);
	sweep->open_count = 0;
	for (size_t i = 0; i < count; i++) {
		if (has_ended(sweep->open[i], here))
			ended[leave++] = sweep->open[i];
		else
			push_open(sweep, sweep->open[i]);
	}
	memcpy(sweep->open + sweep->open_count, ended, leave * sizeof *ended);
	free(ended);
	return sweep->open_count;
}

/* How many stay open behind `here`, or at the end of all when it is NULL; the others follow them in `open`.
 */
static size_t find_kept(struct sweep *sweep, const struct fl_position *here)
{
	size_t kept = here ? sweep->open_count : 0;
	while (kept && has_ended(sweep->open[kept - 1], *here))
		kept--;
	return kept && any_ended(sweep, kept, *here) ? split_ended(sweep, *here) : kept;
}

/* A stable sort by end; there are rarely more than a handful. */
static void sort_by_end(const struct raw_region **regions, size_t count)
{
	for (size_t i = 1; i < count; i++) {
		const struct raw_region *region = regions[i];
		size_t j = i;
		for (; j && fl_position_compare(fl_raw_end(regions[j - 1]), fl_raw_end(region)) > 0; j--)
			regions[j] = regions[j - 1];
		regions[j] = region;
	}
}

/* Ends the regions that end at or before `here`, or all of them when it is NULL. */
static void close_until(struct sweep *sweep, const struct fl_position *here)
{
	size_t was_open = sweep->open_count;
	if (!was_open || (here && !any_ended(sweep, was_open, *here)))
		return;
	size_t kept = find_kept(sweep, here);
	const struct raw_region **ended = sweep->open + kept;
	size_t count = was_open - kept;
	sort_by_end(ended, count);
	for (size_t i = 1; i < count; i++) {
		struct fl_position from = fl_raw_end(ended[i - 1]), to = fl_raw_end(ended[i]);
		if (here && !fl_position_compare(from, *here))
			break;
		if (!fl_position_compare(from, to))
			continue;
		size_t speaker = i; /* of those that end together, the one that began last */
		while (speaker + 1 < count && !fl_position_compare(fl_raw_end(ended[speaker + 1]), to))
			speaker++;
		emit(sweep, from, ended[speaker], RESUME);
	}
	const struct raw_region *last = ended[count - 1];
	struct fl_position end = fl_raw_end(last);
	if (!here || fl_position_compare(end, *here)) {
		if (kept)
			emit(sweep, end, sweep->open[kept - 1], RESUME);
		else
			emit(sweep, end, last, NO_CODE);
	}
	sweep->open_count = kept;
}

/* A region without extent never opens: it only marks its place. */
static void visit_empty(struct sweep *sweep, const struct raw_region *region, bool last)
{
	const struct raw_region *around = sweep->open_count ? sweep->open[sweep->open_count - 1] : NULL;
	const struct raw_region *speaker = around ? around : region;
	if (!last && region->kind != FL_REGION_SKIPPED) {
		emit(sweep, region->start, speaker, region->kind == FL_REGION_GAP ? RESUME : ENTER);
		if (!around)
			emit(sweep, region->start, region, NO_CODE);
		return;
	}
	struct segments *out = sweep->out;
	*FL_PUSH(out->items, out->count, out->capacity) = (struct segment){.start = region->start,
		.entry = region->kind != FL_REGION_GAP,
		.owner = owner_of(sweep, region)};
	if (around)
		emit(sweep, region->start, around, RESUME);
}

void fl_segments_build(struct segments *segments, const struct raw_region *regions, size_t count)
{
	fl_segments_build_owned(segments, regions, NULL, count);
}

void fl_segments_build_owned(
	struct segments *segments, const struct raw_region *regions, const uint32_t *owners, size_t count)
{
	struct sweep sweep = {.out = segments, .regions = regions, .owners = owners};
	for (size_t i = 0; i < count; i++) {
		/* Of equal ranges the first kind speaks: a macro that is all of another macro is code once.
		 */
		size_t next = i + 1;
		while (next < count && !fl_position_compare(regions[next].start, regions[i].start) &&
			!fl_position_compare(fl_raw_end(&regions[next]), fl_raw_end(&regions[i])))
			next++;
		const struct raw_region *region = &regions[i];
		close_until(&sweep, &region->start);
		if (fl_position_compare(region->start, fl_raw_end(region)) >= 0) {
			visit_empty(&sweep, region, next == count);
		} else {
			if (next == count || fl_position_compare(region->start, regions[next].start))
				emit(&sweep, region->start, region,
					region->kind == FL_REGION_GAP ? RESUME : ENTER);
			push_open(&sweep, region);
		}
		i = next - 1;
	}
	close_until(&sweep, NULL);
	free(sweep.open);
	free(sweep.first_ends);
}
