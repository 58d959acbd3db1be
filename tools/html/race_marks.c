/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * race_marks.c: see race_marks.h.
 */
#include "race_marks.h"

#include <stdlib.h>
#include <string.h>

#include "util/memory.h"
#include "util/sorted.h"

static int compare_marks(const void *left, const void *right)
{
	const struct fl_race_mark *a = left, *b = right;
	int order = strcmp(a->path, b->path);
	if (order)
		return order;
	if (a->line != b->line)
		return a->line < b->line ? -1 : 1;
	if (a->race != b->race)
		return a->race < b->race ? -1 : 1;
	return a->access < b->access ? -1 : a->access > b->access;
}

void fl_race_marks_build(struct fl_race_marks *marks, const struct fl_races *races)
{
	size_t capacity = 0;
	*marks = (struct fl_race_marks){0};
	for (size_t i = 0; i < races->race_count; i++) {
		const struct fl_race *race = &races->races[i];
		for (size_t j = 0; j < race->access_count && !race->suppressed_by; j++) {
			const struct fl_frame *top = fl_race_top(&race->accesses[j].stack);
			if (top && top->line)
				*FL_PUSH(marks->items, marks->count, capacity) =
					(struct fl_race_mark){top->file, top->line, (uint32_t)i, (uint32_t)j};
		}
	}
	if (marks->count)
		qsort(marks->items, marks->count, sizeof *marks->items, compare_marks);
}

void fl_race_marks_free(struct fl_race_marks *marks)
{
	free(marks->items);
}

static int compare_path(const void *mark, const void *path)
{
	return strcmp(((const struct fl_race_mark *)mark)->path, path);
}

const struct fl_race_mark *fl_race_marks_of(
	const struct fl_race_marks *marks, const char *path, size_t *count)
{
	size_t low = fl_sorted_before(marks->items, marks->count, sizeof(*marks->items), path, compare_path);
	size_t end = low;
	while (end < marks->count && !strcmp(marks->items[end].path, path))
		end++;
	*count = end - low;
	return marks->items + low;
}

static int compare_numbers(const void *left, const void *right)
{
	uint32_t a = *(const uint32_t *)left, b = *(const uint32_t *)right;
	return (a > b) - (a < b);
}

uint32_t fl_race_marks_races(const struct fl_race_mark *marks, size_t count)
{
	uint32_t *numbers = fl_resize(NULL, count + 1, sizeof *numbers), races = 0;
	for (size_t i = 0; i < count; i++)
		numbers[i] = marks[i].race;
	qsort(numbers, count, sizeof *numbers, compare_numbers);
	for (size_t i = 0; i < count; i++)
		races += !i || numbers[i] != numbers[i - 1];
	free(numbers);
	return races;
}

struct fl_file *fl_race_marks_files(const struct fl_model *model, size_t *count)
{
	const struct fl_races *races = &model->races;
	struct fl_file *files = fl_resize(NULL, model->file_count + races->file_count + 1, sizeof *files);
	size_t i = 0, j = 0, used = 0;
	while (i < model->file_count || j < races->file_count) {
		bool first =
			j == races->file_count ||
			(i < model->file_count && strcmp(model->files[i].path, races->files[j].path) < 0);
		files[used++] = first ? model->files[i++] : races->files[j++];
	}
	*count = used;
	return files;
}
