/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * variants.c: see variants.h.
 */
#include "model/variants.h"

#include <stdlib.h>
#include <string.h>

#include "util/map.h"
#include "util/memory.h"

/* A place where several variants begin. */
struct site {
	struct segments *variants; /* each flattened by itself */
	size_t count;
	struct segments sum; /* all of them: cut wherever one of them is */
	size_t judged;       /* the last round it was judged in */
};

struct owned_region {
	struct raw_region region;
	uint32_t owner; /* 1 + index of its site; 0: of none */
};

struct variants {
	struct site *sites;
	size_t count, capacity;
	struct owned_region *regions; /* all of the file */
	size_t region_count;
	size_t rounds;
};

static bool same_range(const struct raw_region *a, const struct raw_region *b)
{
	return !fl_position_compare(a->start, b->start) && a->end_line == b->end_line &&
	       a->end_column == b->end_column && a->kind == b->kind;
}

static bool same_ranges(const struct raw_region *a, const struct raw_region *b, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (!same_range(&a[i], &b[i]))
			return false;
	return true;
}

/* What is skipped may come before the text it was skipped from. */
static struct fl_position first_place(const struct raw_region *regions, size_t count)
{
	const struct raw_region *first = &regions[0];
	for (size_t i = 1; i < count; i++) {
		bool better = first->kind == FL_REGION_SKIPPED && regions[i].kind != FL_REGION_SKIPPED;
		bool worse = first->kind != FL_REGION_SKIPPED && regions[i].kind == FL_REGION_SKIPPED;
		if (better || (!worse && fl_position_compare(regions[i].start, first->start) < 0))
			first = &regions[i];
	}
	return first->start;
}

void fl_variants_add(struct raw_file *raw, size_t file, struct fl_map *known,
	const struct raw_region *regions, size_t count, bool emitted)
{
	if (!count)
		return;
	uint64_t key[] = {file, fl_raw_hash(regions, count), emitted};
	struct fl_map_entry *entry = fl_map_put(known, key, sizeof key);
	if (entry->value != SIZE_MAX) {
		const struct raw_body *body = &raw->bodies[entry->value];
		struct raw_region *into = &raw->body_regions[body->first];
		if (body->count == count && same_ranges(into, regions, count)) {
			for (size_t i = 0; i < count; i++)
				into[i].count = fl_add_counts(into[i].count, regions[i].count);
			return;
		}
	}
	entry->value = raw->body_count;
	*FL_PUSH(raw->bodies, raw->body_count, raw->body_capacity) = (struct raw_body){
		.start = first_place(regions, count),
		.first = raw->body_region_count,
		.count = count,
		.emitted = emitted,
	};
	for (size_t i = 0; i < count; i++)
		*FL_PUSH(raw->body_regions, raw->body_region_count, raw->body_region_capacity) = regions[i];
}

static int compare_bodies(const void *left, const void *right)
{
	const struct raw_body *a = left, *b = right;
	int order = fl_position_compare(a->start, b->start);
	return order ? order : (a->first > b->first) - (a->first < b->first);
}

static struct segments flatten(const struct raw_region *regions, size_t count)
{
	struct segments segments = {0};
	struct raw_region *copy = fl_resize(NULL, count, sizeof *copy);
	memcpy(copy, regions, count * sizeof *copy);
	fl_segments_build(&segments, copy, fl_raw_combine(copy, count));
	free(copy);
	return segments;
}

static int compare_places(const void *left, const void *right)
{
	return fl_position_compare(*(const struct fl_position *)left, *(const struct fl_position *)right);
}

/* The segment in which `place` lies; NULL before the first one. */
static const struct segment *segment_at(const struct segments *segments, struct fl_position place)
{
	size_t low = 0, high = segments->count;
	while (low < high) {
		size_t middle = low + (high - low) / 2;
		if (fl_position_compare(segments->items[middle].start, place) <= 0)
			low = middle + 1;
		else
			high = middle;
	}
	return low ? &segments->items[low - 1] : NULL;
}

static struct segment sum_at(const struct site *site, struct fl_position place)
{
	struct segment sum = {.start = place, .gap = true, .no_code = true};
	for (size_t i = 0; i < site->count; i++) {
		const struct segment *its = segment_at(&site->variants[i], place);
		if (!its || !its->code)
			continue;
		sum.code = true;
		sum.gap &= its->gap;
		sum.no_code &= its->no_code;
		sum.count = fl_add_counts(sum.count, its->count);
	}
	sum.gap &= sum.code;
	sum.no_code &= sum.code;
	return sum;
}

static void sum_variants(struct site *site, uint32_t owner)
{
	size_t count = 0, next = 0;
	for (size_t i = 0; i < site->count; i++)
		count += site->variants[i].count;
	struct fl_position *places = fl_resize(NULL, count, sizeof *places);
	for (size_t i = 0; i < site->count; i++)
		for (size_t j = 0; j < site->variants[i].count; j++)
			places[next++] = site->variants[i].items[j].start;
	qsort(places, count, sizeof *places, compare_places);
	for (size_t i = 0; i < count; i++) {
		if (i && !fl_position_compare(places[i - 1], places[i]))
			continue;
		struct segment *sum = FL_PUSH(site->sum.items, site->sum.count, site->sum.capacity);
		*sum = sum_at(site, places[i]);
		sum->owner = owner;
	}
	free(places);
}

/* A function that was never emitted has one region and no say: it is no variant of those that were. */
static void add_site(
	struct variants *variants, const struct raw_file *raw, struct raw_body *bodies, size_t count)
{
	struct site *site = FL_PUSH(variants->sites, variants->count, variants->capacity);
	*site = (struct site){.variants = fl_alloc(count * sizeof *site->variants)};
	for (size_t i = 0; i < count; i++) {
		bodies[i].owner = (uint32_t)variants->count;
		if (bodies[i].emitted)
			site->variants[site->count++] =
				flatten(&raw->body_regions[bodies[i].first], bodies[i].count);
	}
	sum_variants(site, (uint32_t)variants->count);
}

/* By range and kind; of equal ones a variant's speaks. */
static int compare_owned(const void *left, const void *right)
{
	const struct owned_region *a = left, *b = right;
	int order = fl_raw_compare(&a->region, &b->region);
	return order ? order : (a->owner < b->owner) - (a->owner > b->owner);
}

static void collect_owned(struct variants *variants, const struct raw_file *raw)
{
	size_t next = 0;
	variants->regions =
		fl_resize(NULL, raw->region_count + raw->body_region_count, sizeof *variants->regions);
	for (size_t i = 0; i < raw->region_count; i++)
		variants->regions[next++] = (struct owned_region){raw->regions[i], 0};
	for (size_t i = 0; i < raw->body_count; i++)
		for (size_t j = 0; j < raw->bodies[i].count; j++)
			variants->regions[next++] = (struct owned_region){
				raw->body_regions[raw->bodies[i].first + j], raw->bodies[i].owner};
	qsort(variants->regions, next, sizeof *variants->regions, compare_owned);
	size_t last = 0;
	for (size_t i = 1; i < next; i++) {
		struct owned_region *into = &variants->regions[last], *from = &variants->regions[i];
		if (compare_owned(into, from))
			variants->regions[++last] = *from;
		else
			into->region.count = fl_add_counts(into->region.count, from->region.count);
	}
	variants->region_count = last + 1;
}

static void pour_bodies(struct raw_file *raw)
{
	if (!raw->region_count) {
		free(raw->regions);
		raw->regions = raw->body_regions;
		raw->region_count = raw->body_region_count;
		raw->region_capacity = raw->body_region_capacity;
	} else {
		for (size_t i = 0; i < raw->body_region_count; i++)
			*FL_PUSH(raw->regions, raw->region_count, raw->region_capacity) =
				raw->body_regions[i];
		free(raw->body_regions);
	}
	raw->body_regions = NULL;
	raw->body_region_count = raw->body_region_capacity = 0;
}

struct variants *fl_variants_split(struct raw_file *raw)
{
	struct variants *variants = fl_alloc(sizeof *variants);
	if (raw->body_count)
		qsort(raw->bodies, raw->body_count, sizeof *raw->bodies, compare_bodies);
	for (size_t i = 0, next; i < raw->body_count; i = next) {
		size_t emitted = raw->bodies[i].emitted;
		for (next = i + 1; next < raw->body_count; next++) {
			if (fl_position_compare(raw->bodies[i].start, raw->bodies[next].start))
				break;
			emitted += raw->bodies[next].emitted;
		}
		if (emitted > 1)
			add_site(variants, raw, &raw->bodies[i], next - i);
	}
	if (variants->count)
		collect_owned(variants, raw);
	pour_bodies(raw);
	if (variants->count)
		return variants;
	fl_variants_free(variants);
	return NULL;
}

void fl_variants_free(struct variants *variants)
{
	if (!variants)
		return;
	for (size_t i = 0; i < variants->count; i++) {
		struct site *site = &variants->sites[i];
		for (size_t j = 0; j < site->count; j++)
			free(site->variants[j].items);
		free(site->variants);
		free(site->sum.items);
	}
	free(variants->sites);
	free(variants->regions);
	free(variants);
}

/* Puts the sum in place of `from`, which goes on up to `until`. */
static void put_sum(const struct site *site, const struct segment *from, const struct segment *until,
	struct segments *out)
{
	const struct segment *sum = segment_at(&site->sum, from->start),
			     *end = site->sum.items + site->sum.count;
	*FL_PUSH(out->items, out->count, out->capacity) = sum ? *sum : (struct segment){.owner = from->owner};
	out->items[out->count - 1].start = from->start;
	for (sum = sum ? sum + 1 : site->sum.items; sum < end; sum++) {
		if (until && fl_position_compare(sum->start, until->start) >= 0)
			break;
		*FL_PUSH(out->items, out->count, out->capacity) = *sum;
	}
}

void fl_variants_segments(const struct variants *variants, struct segments *out)
{
	size_t count = variants->region_count;
	struct raw_region *regions = fl_resize(NULL, count, sizeof *regions);
	uint32_t *owners = fl_resize(NULL, count, sizeof *owners);
	for (size_t i = 0; i < count; i++) {
		regions[i] = variants->regions[i].region;
		owners[i] = variants->regions[i].owner;
	}
	struct segments pool = {0};
	fl_segments_build_owned(&pool, regions, owners, count);
	for (size_t i = 0; i < pool.count; i++) {
		const struct segment *from = &pool.items[i];
		if (from->owner)
			put_sum(&variants->sites[from->owner - 1], from, i + 1 < pool.count ? from + 1 : NULL,
				out);
		else
			*FL_PUSH(out->items, out->count, out->capacity) = *from;
	}
	free(pool.items);
	free(regions);
	free(owners);
}

/* A line, as far as it is the text of one site. */
struct line_part {
	uint32_t line, owner;
	const struct segment *items, *end, *wrapped;
};

/* What one variant says for the line. */
static enum line_kind judge_variant(
	const struct segments *variant, const struct line_part *part, uint64_t *result)
{
	const struct segment *its = segment_at(variant, (struct fl_position){part->line, 0});
	const struct segment *end = variant->items + variant->count, *shown = part->items;
	uint32_t owner = part->wrapped ? part->wrapped->owner : 0;
	struct judgement judgement = fl_judge_begin(owner == part->owner ? its : NULL);
	for (its = its ? its + 1 : variant->items; its < end && its->start.line == part->line; its++) {
		for (; shown < part->end && fl_position_compare(shown->start, its->start) <= 0; shown++)
			owner = shown->owner;
		if (owner == part->owner)
			fl_judge_add(&judgement, its);
	}
	*result = judgement.count;
	return fl_judge_kind(&judgement);
}

/* Adds what the site says for the line to what was said: the largest counts. */
static enum line_kind judge_site(struct variants *variants, const struct line_part *part, uint64_t *result)
{
	struct site *site = &variants->sites[part->owner - 1];
	if (site->judged == variants->rounds)
		return LINE_NOT_CODE;
	site->judged = variants->rounds;
	uint64_t sum = 0, count;
	enum line_kind found = LINE_NOT_CODE;
	for (size_t i = 0; i < site->count; i++) {
		enum line_kind kind = judge_variant(&site->variants[i], part, &count);
		found = kind > found ? kind : found;
		if (kind == LINE_CODE)
			sum = fl_add_counts(sum, count);
	}
	if (sum > *result)
		*result = sum;
	return found;
}

static enum line_kind judge_also(
	enum line_kind found, struct variants *variants, const struct line_part *part, uint64_t *result)
{
	enum line_kind kind = part->owner ? judge_site(variants, part, result) : LINE_NOT_CODE;
	return kind > found ? kind : found;
}

enum line_kind fl_variants_judge(struct variants *variants, const struct segment *items, size_t count,
	const struct segment *wrapped, uint64_t *result)
{
	struct line_part part = {items->start.line, 0, items, items + count, wrapped};
	struct judgement plain = fl_judge_begin(wrapped && !wrapped->owner ? wrapped : NULL);
	for (size_t i = 0; i < count; i++)
		if (!items[i].owner)
			fl_judge_add(&plain, &items[i]);
	enum line_kind found = fl_judge_kind(&plain);
	*result = found == LINE_CODE ? plain.count : 0;
	variants->rounds++;
	part.owner = wrapped ? wrapped->owner : 0;
	found = judge_also(found, variants, &part, result);
	for (size_t i = 0; i < count; i++) {
		part.owner = items[i].owner;
		found = judge_also(found, variants, &part, result);
	}
	return found;
}
