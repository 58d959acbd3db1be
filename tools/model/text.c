/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * text.c: what only the text of a file says about it: bodies that no program has code of, because nobody
 * asked the compiler to make any (docs/coverage.md, "No code").
 */
#include <stdlib.h>

#include "model/file.h"
#include "util/memory.h"

struct known {
	struct fl_position start;
	size_t body;
};

static int compare_known(const void *left, const void *right)
{
	const struct known *a = left, *b = right;
	return fl_position_compare(a->start, b->start);
}

/* Where text of the compiler's bodies starts (a constructor's initialisers before its brace), ascending. */
static struct known *find_known(const struct raw_file *raw, size_t *count)
{
	struct known *known = fl_resize(NULL, raw->body_region_count + 1, sizeof *known);
	for (size_t i = 0; i < raw->body_count; i++)
		for (size_t j = raw->bodies[i].first; j < raw->bodies[i].first + raw->bodies[i].count; j++)
			if (raw->body_regions[j].kind == FL_REGION_CODE)
				known[(*count)++] = (struct known){raw->body_regions[j].start, i};
	qsort(known, *count, sizeof *known, compare_known);
	return known;
}

static bool is_around(const struct raw_region *region, struct fl_position at)
{
	return fl_position_compare(region->start, at) <= 0 && fl_position_compare(at, fl_raw_end(region)) < 0;
}

/* Whether a place is in code that ran. */
static bool has_run(const struct raw_file *raw, struct fl_position at)
{
	const struct raw_region *innermost = NULL;
	for (size_t i = 0; i < raw->body_region_count; i++) {
		const struct raw_region *region = &raw->body_regions[i];
		if (is_around(region, at) &&
			(!innermost || fl_position_compare(innermost->start, region->start) <= 0))
			innermost = region;
	}
	return innermost && innermost->kind == FL_REGION_CODE && innermost->count;
}

static void add_region(struct raw_file *raw, enum fl_region_kind kind, struct fl_span span)
{
	*FL_PUSH(raw->regions, raw->region_count, raw->region_capacity) = (struct raw_region){
		.start = span.start,
		.end_line = span.end.line,
		.end_column = span.end.column & FL_COLUMN_MAX,
		.kind = kind & 7u,
	};
}

/* A lambda that nobody calls is a function that never ran; its text has the count of what is around it. */
static void add_missing(struct raw_file *raw, const struct fl_text_body *body)
{
	if (body->kind != FL_BODY_LAMBDA)
		add_region(raw, FL_REGION_NO_CODE, body->span);
	else if (has_run(raw, body->span.start))
		add_region(raw, FL_REGION_CODE, body->span);
}

static void forget_functions(struct raw_file *raw, struct fl_position start)
{
	size_t kept = 0;
	for (size_t i = 0; i < raw->function_count; i++)
		if (fl_position_compare(raw->functions[i].span.start, start))
			raw->functions[kept++] = raw->functions[i];
	raw->function_count = kept;
}

/* The compiler has seen it and made nothing of it: it ran while compiling, or never. */
static void take_code(struct raw_file *raw, const struct known *known, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		const struct raw_body *body = &raw->bodies[known[i].body];
		for (size_t j = 0; j < body->count; j++)
			if (raw->body_regions[body->first + j].kind == FL_REGION_CODE)
				raw->body_regions[body->first + j].kind = FL_REGION_NO_CODE;
	}
	forget_functions(raw, known->start);
}

static void look_at_body(
	struct raw_file *raw, const struct known *known, size_t known_count, const struct fl_text_body *body)
{
	struct known key = {body->span.start, 0};
	const struct known *found = bsearch(&key, known, known_count, sizeof *known, compare_known);
	if (!found)
		return add_missing(raw, body);
	size_t count = 0, emitted = 0;
	while (found > known && !compare_known(found - 1, &key))
		found--;
	for (; found + count < known + known_count && !compare_known(&found[count], &key); count++)
		emitted += raw->bodies[found[count].body].emitted;
	if (!emitted && body->kind == FL_BODY_CONSTANT)
		take_code(raw, found, count);
}

static void look_at_bodies(struct raw_file *raw, const struct fl_text_facts *text)
{
	size_t known_count = 0;
	struct known *known = find_known(raw, &known_count);
	for (size_t i = 0; i < text->body_count; i++)
		if (fl_position_compare(text->bodies[i].span.start, text->bodies[i].span.end))
			look_at_body(raw, known, known_count, &text->bodies[i]);
	free(known);
}

/* What is skipped and is neither a comment nor the preprocessor's is an arm that `if constexpr` discards. */
static bool is_discarded(const struct fl_text_facts *text, const struct raw_region *region)
{
	uint32_t first = region->start.line, last = region->end_line;
	if (region->kind != FL_REGION_SKIPPED || last >= text->line_count ||
		text->lines[first] >= FL_TEXT_DIRECTIVE || text->lines[last] >= FL_TEXT_DIRECTIVE)
		return false;
	for (uint32_t line = first + 1; line <= last; line++)
		if (text->lines[line] == FL_TEXT_CODE)
			return true;
	return false;
}

void fl_file_text(struct raw_file *raw)
{
	const struct fl_text_facts *text = raw->facts.text;
	if (!text || !raw->body_count || !text->line_count)
		return;
	if (text->body_count)
		look_at_bodies(raw, text);
	for (size_t i = 0; i < raw->body_region_count; i++)
		if (is_discarded(text, &raw->body_regions[i]))
			raw->body_regions[i].kind = FL_REGION_NO_CODE;
}
