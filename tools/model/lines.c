/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * lines.c: regions to segments to marks and lines.
 *
 * A line's count is the largest of the regions that begin on it and the one that goes on from the line
 * before. A line is code when either is; one that begins with something skipped is not, unless a region
 * begins on it too.
 */
#include <stdlib.h>
#include <string.h>

#include "model/file.h"
#include "model/variants.h"
#include "util/memory.h"

void fl_file_regions(struct fl_file *file, struct raw_file *raw, struct fl_arena *arena)
{
	fl_raw_combine_regions(raw);
	size_t count = 0;
	for (size_t i = 0; i < raw->region_count; i++)
		count += raw->regions[i].kind == FL_REGION_CODE;
	file->regions = fl_arena_array(arena, count, sizeof *file->regions);
	for (size_t i = 0; i < raw->region_count; i++) {
		const struct raw_region *region = &raw->regions[i];
		if (region->kind != FL_REGION_CODE)
			continue;
		file->regions[file->region_count++] = (struct fl_region){
			.start = region->start, .end = fl_raw_end(region), .count = region->count};
	}
}

/* Of several segments at one place the last one is what the text after it belongs to. */
void fl_file_marks(struct fl_file *file, const struct segments *segments, struct fl_arena *arena)
{
	file->marks = fl_arena_array(arena, segments->count, sizeof *file->marks);
	size_t count = 0;
	for (size_t i = 0; i < segments->count; i++) {
		const struct segment *segment = &segments->items[i];
		if (i + 1 < segments->count && !fl_position_compare(segment->start, segment[1].start))
			continue;
		struct fl_mark mark = {segment->start, segment->code && !segment->no_code, segment->gap,
			segment->no_code ? 0 : segment->count};
		const struct fl_mark *last = count ? &file->marks[count - 1] : NULL;
		if (last && last->code == mark.code && last->gap == mark.gap && last->count == mark.count)
			continue;
		file->marks[count++] = mark;
	}
	file->mark_count = count;
}

static bool begins_code(const struct segment *segment)
{
	return segment->entry && segment->code && !segment->gap;
}

struct judgement fl_judge_begin(const struct segment *wrapped)
{
	return (struct judgement){
		.goes_on = wrapped && wrapped->code,
		.blank_so_far = wrapped && wrapped->gap,
		.has_code = wrapped && wrapped->code && !wrapped->gap && !wrapped->no_code,
		.lacks_code = wrapped && wrapped->no_code,
		.count = wrapped ? wrapped->count : 0,
	};
}

void fl_judge_add(struct judgement *judgement, const struct segment *segment)
{
	judgement->starts_skipped |= !judgement->any && segment->entry && !segment->code;
	judgement->any = true;
	/* White space led up to this, and what goes on here is what the line is: clang 14 counts the space
	 * after "do { ... break; } while (...);" as never run. */
	if (judgement->blank_so_far && segment->code && !segment->gap && !segment->entry)
		judgement->count = segment->count;
	judgement->blank_so_far = false;
	judgement->enters |= segment->entry && segment->code;
	if (!begins_code(segment))
		return;
	judgement->begins = true;
	judgement->has_code |= !segment->no_code;
	judgement->lacks_code |= segment->no_code;
	if (segment->count > judgement->count)
		judgement->count = segment->count;
}

enum line_kind fl_judge_kind(const struct judgement *judgement)
{
	if (!judgement->enters && (judgement->starts_skipped || !(judgement->goes_on || judgement->begins)))
		return LINE_NOT_CODE;
	return judgement->lacks_code && !judgement->has_code ? LINE_NO_CODE : LINE_CODE;
}

/* The line on which items[0..count) start, after `wrapped` (or NULL); returns what it is. */
static enum line_kind judge_line(
	const struct segment *items, size_t count, const struct segment *wrapped, uint64_t *result)
{
	struct judgement judgement = fl_judge_begin(wrapped);
	for (size_t i = 0; i < count; i++)
		fl_judge_add(&judgement, &items[i]);
	*result = judgement.count;
	return fl_judge_kind(&judgement);
}

/* An included file ends where its text ends, at the first column of a line that it does not have. */
static bool is_end_of_file(const struct segments *segments, size_t first)
{
	const struct segment *last = &segments->items[segments->count - 1];
	return first + 1 == segments->count && !last->code && !last->entry && last->start.column == 1;
}

/* What becomes of the lines. */
struct found_lines {
	struct fl_line *code;
	uint32_t *no_code;
	size_t code_count, no_code_count, code_capacity, no_code_capacity;
};

static void walk_lines(const struct segments *segments, struct variants *variants, struct found_lines *found)
{
	const struct segment *wrapped = NULL;
	size_t next = 0;
	uint32_t line = segments->count ? segments->items[0].start.line : 0;
	while (next < segments->count) {
		size_t first = next;
		while (next < segments->count && segments->items[next].start.line == line)
			next++;
		if (next > first && is_end_of_file(segments, first))
			break;
		const struct segment *items = &segments->items[first];
		uint64_t hits;
		enum line_kind kind =
			variants && next > first
				? fl_variants_judge(variants, items, next - first, wrapped, &hits)
				: judge_line(items, next - first, wrapped, &hits);
		if (kind == LINE_CODE)
			*FL_PUSH(found->code, found->code_count, found->code_capacity) =
				(struct fl_line){.line = line, .count = hits};
		if (kind == LINE_NO_CODE)
			*FL_PUSH(found->no_code, found->no_code_count, found->no_code_capacity) = line;
		if (next > first)
			wrapped = &segments->items[next - 1];
		line++;
		if (next < segments->count && !(wrapped && wrapped->code)) /* nothing until then */
			line = segments->items[next].start.line;
	}
}

/* Moves what was malloc'ed. */
static void *keep(void *items, size_t count, size_t size, struct fl_arena *arena)
{
	void *kept = fl_arena_array(arena, count, size);
	if (count)
		memcpy(kept, items, count * size);
	free(items);
	return kept;
}

static struct found_lines find_lines(
	const struct segments *segments, struct variants *variants, struct fl_arena *arena)
{
	struct found_lines found = {0};
	walk_lines(segments, variants, &found);
	found.code = keep(found.code, found.code_count, sizeof *found.code, arena);
	found.no_code = keep(found.no_code, found.no_code_count, sizeof *found.no_code, arena);
	return found;
}

struct fl_line *fl_file_lines_of(
	struct raw_region *regions, size_t count, size_t *line_count, struct fl_arena *arena)
{
	struct segments segments = {0};
	fl_segments_build(&segments, regions, fl_raw_combine(regions, count));
	struct found_lines found = find_lines(&segments, NULL, arena);
	free(segments.items);
	*line_count = found.code_count;
	return found.code;
}

static bool has_text(const struct raw_file *raw, uint32_t line)
{
	const struct fl_text_facts *text = raw->facts.text;
	return !text || line >= text->line_count || text->lines[line] > FL_TEXT_PUNCTUATION;
}

/* Braces around what there is no code of are not even that. */
static void drop_punctuation(struct found_lines *found, const struct raw_file *raw)
{
	size_t kept = 0;
	for (size_t i = 0; i < found->no_code_count; i++)
		if (has_text(raw, found->no_code[i]))
			found->no_code[kept++] = found->no_code[i];
	found->no_code_count = kept;
}

void fl_file_lines(struct fl_file *file, const struct raw_file *raw, struct fl_arena *arena)
{
	struct segments segments = {0};
	if (raw->variants)
		fl_variants_segments(raw->variants, &segments);
	else
		fl_segments_build(&segments, raw->regions, raw->region_count);
	fl_file_marks(file, &segments, arena);
	struct found_lines found = find_lines(&segments, raw->variants, arena);
	free(segments.items);
	drop_punctuation(&found, raw);
	file->lines = found.code;
	file->line_count = found.code_count;
	file->no_code = found.no_code;
	file->no_code_count = found.no_code_count;
}
