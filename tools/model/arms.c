/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * arms.c: the arms of an `if constexpr` that an instance is without. Newer compilers say so. Clang 14 and 16
 * put an empty statement in place of a discarded first arm, and nothing in place of a second one; only with
 * the text is it known what they left out.
 */
#include "model/file.h"
#include "util/memory.h"
#include "util/sorted.h"

/* What a body has of an arm. */
struct had {
	bool condition;          /* as code of its own: newer compilers have none */
	struct raw_region *word; /* the first word is all of a region */
	struct raw_region *gap;  /* the white space behind that, up to the next arm */
	bool start, within;
};

static struct had find_had(struct raw_region *regions, size_t count, const struct fl_text_arm *arm)
{
	struct had had = {0};
	for (size_t i = 0; i < count; i++) {
		struct raw_region *region = &regions[i];
		if (region->kind == FL_REGION_GAP && !fl_position_compare(region->start, arm->word_end))
			had.gap = region;
		if (region->kind == FL_REGION_GAP || region->kind == FL_REGION_SKIPPED)
			continue;
		int order = fl_position_compare(region->start, arm->span.start);
		had.condition |= !fl_position_compare(region->start, arm->condition);
		had.start |= !order;
		had.within |= order > 0 && fl_position_compare(region->start, arm->span.end) < 0;
		if (!order && !fl_position_compare(fl_raw_end(region), arm->word_end))
			had.word = region;
	}
	return had;
}

static void take_code(struct raw_region *region)
{
	region->kind = FL_REGION_NO_CODE;
	region->count = 0;
}

static void look_at_arm(struct raw_body_parts *body, const struct fl_text_arm *arm)
{
	struct had had = find_had(body->items, body->count, arm);
	if (!had.condition || had.within || (arm->is_first ? !had.word : had.start))
		return;
	if (had.word)
		take_code(had.word);
	if (had.word && had.gap)
		take_code(had.gap);
	*FL_PUSH(body->items, body->count, body->capacity) = (struct raw_region){
		.start = arm->before,
		.end_line = arm->span.end.line,
		.end_column = arm->span.end.column & FL_COLUMN_MAX,
		.kind = FL_REGION_NO_CODE,
	};
}

static struct fl_span span_of(const struct raw_body_parts *body)
{
	struct fl_span span = {body->items[0].start, fl_raw_end(&body->items[0])};
	for (size_t i = 1; i < body->count; i++) {
		struct fl_position end = fl_raw_end(&body->items[i]);
		if (fl_position_compare(body->items[i].start, span.start) < 0)
			span.start = body->items[i].start;
		if (fl_position_compare(end, span.end) > 0)
			span.end = end;
	}
	return span;
}

static int compare_arm(const void *arm, const void *at)
{
	return fl_position_compare(
		((const struct fl_text_arm *)arm)->condition, *(const struct fl_position *)at);
}

/* The first arm whose condition does not stand before that. */
static size_t first_arm(const struct fl_text_facts *text, struct fl_position at)
{
	return fl_sorted_before(text->arms, text->arm_count, sizeof(*text->arms), &at, compare_arm);
}

void fl_arms_discarded(struct raw_body_parts *body, const struct fl_text_facts *text)
{
	if (!text || !text->arm_count || !body->count)
		return;
	struct fl_span span = span_of(body);
	for (size_t i = first_arm(text, span.start); i < text->arm_count; i++) {
		if (fl_position_compare(text->arms[i].condition, span.end) >= 0)
			break;
		look_at_arm(body, &text->arms[i]);
	}
}
