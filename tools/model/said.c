/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * said.c: lines and stretches that another tool's report counted, beside those that our own data's regions
 * make. Where both speak of the same, the counts add up.
 */
#include <stdlib.h>
#include <string.h>

#include "model/file.h"
#include "util/memory.h"

static int compare_lines(const void *left, const void *right)
{
	const struct raw_line *a = left, *b = right;
	return (a->line > b->line) - (a->line < b->line);
}

static size_t combine_lines(struct raw_line *lines, size_t count)
{
	size_t last = 0;
	qsort(lines, count, sizeof *lines, compare_lines);
	for (size_t i = 1; i < count; i++) {
		if (lines[i].line == lines[last].line)
			lines[last].count = fl_add_counts(lines[last].count, lines[i].count);
		else
			lines[++last] = lines[i];
	}
	return last + 1;
}

static void add_lines(struct fl_file *file, struct raw_file *raw, struct fl_arena *arena)
{
	size_t said = combine_lines(raw->said_lines, raw->said_line_count), i = 0, j = 0, count = 0;
	struct fl_line *all = fl_arena_array(arena, file->line_count + said, sizeof *all);
	while (i < file->line_count || j < said) {
		const struct raw_line *other = j < said ? &raw->said_lines[j] : NULL;
		if (i == file->line_count || (other && other->line < file->lines[i].line)) {
			all[count++] = (struct fl_line){.line = other->line, .count = other->count};
			j++;
			continue;
		}
		all[count] = file->lines[i++];
		if (other && other->line == all[count].line) {
			all[count].count = fl_add_counts(all[count].count, other->count);
			j++;
		}
		count++;
	}
	file->lines = all;
	file->line_count = count;
}

static int compare_ranges(const void *left, const void *right)
{
	const struct raw_range *a = left, *b = right;
	return (a->first > b->first) - (a->first < b->first);
}

/* Ranges may overlap, and our own data may know code in them. */
static void add_no_code(struct fl_file *file, struct raw_file *raw, struct fl_arena *arena)
{
	for (size_t i = 0; i < file->no_code_count; i++)
		*FL_PUSH(raw->said_no_code, raw->said_no_code_count, raw->said_no_code_capacity) =
			(struct raw_range){file->no_code[i], file->no_code[i]};
	qsort(raw->said_no_code, raw->said_no_code_count, sizeof *raw->said_no_code, compare_ranges);
	uint32_t *lines = NULL, next = 1;
	size_t count = 0, capacity = 0, code = 0;
	for (size_t i = 0; i < raw->said_no_code_count; i++) {
		uint32_t first = raw->said_no_code[i].first, last = raw->said_no_code[i].last;
		for (next = first > next ? first : next; next <= last; next++) {
			while (code < file->line_count && file->lines[code].line < next)
				code++;
			if (code == file->line_count || file->lines[code].line != next)
				*FL_PUSH(lines, count, capacity) = next;
		}
	}
	file->no_code = fl_arena_array(arena, count, sizeof *file->no_code);
	if (count)
		memcpy(file->no_code, lines, count * sizeof *lines);
	file->no_code_count = count;
	free(lines);
}

static struct raw_region as_raw(const struct fl_region *region)
{
	return (struct raw_region){.start = region->start,
		.end_line = region->end.line,
		.end_column = region->end.column & FL_COLUMN_MAX,
		.kind = FL_REGION_CODE,
		.count = region->count};
}

static void add_regions(struct fl_file *file, struct raw_file *raw, struct fl_arena *arena)
{
	for (size_t i = 0; i < file->region_count; i++)
		*FL_PUSH(raw->stretches, raw->stretch_count, raw->stretch_capacity) =
			as_raw(&file->regions[i]);
	raw->stretch_count = fl_raw_combine(raw->stretches, raw->stretch_count);
	file->regions = fl_arena_array(arena, raw->stretch_count, sizeof *file->regions);
	file->region_count = raw->stretch_count;
	for (size_t i = 0; i < raw->stretch_count; i++)
		file->regions[i] = (struct fl_region){.start = raw->stretches[i].start,
			.end = fl_raw_end(&raw->stretches[i]),
			.count = raw->stretches[i].count};
}

/* Whole lines, where nothing finer is known. */
static void mark_lines(struct fl_file *file, struct fl_arena *arena)
{
	file->marks = fl_arena_array(arena, 2 * file->line_count, sizeof *file->marks);
	for (size_t i = 0; i < file->line_count; i++) {
		const struct fl_line *line = &file->lines[i];
		file->marks[file->mark_count++] =
			(struct fl_mark){.start = {line->line, 1}, .code = true, .count = line->count};
		if (i + 1 == file->line_count || line[1].line > line->line + 1)
			file->marks[file->mark_count++] = (struct fl_mark){.start = {line->line + 1, 1}};
	}
}

static void mark(struct fl_file *file, const struct raw_file *raw, struct fl_arena *arena)
{
	struct segments segments = {0};
	if (!raw->stretch_count) {
		mark_lines(file, arena);
		return;
	}
	fl_segments_build(&segments, raw->stretches, raw->stretch_count);
	fl_file_marks(file, &segments, arena);
	free(segments.items);
}

void fl_file_said(struct fl_file *file, struct raw_file *raw, struct fl_arena *arena)
{
	bool marked = file->mark_count > 0;
	if (raw->said_line_count)
		add_lines(file, raw, arena);
	if (raw->said_no_code_count)
		add_no_code(file, raw, arena);
	if (raw->stretch_count)
		add_regions(file, raw, arena);
	if (!marked && (raw->said_line_count || raw->stretch_count))
		mark(file, raw, arena);
}
