/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * diff.c: see diff.h.
 */
#include "model/diff.h"

#include <stdlib.h>
#include <string.h>

#include "util/map.h"
#include "util/memory.h"
#include "util/text.h"

static const struct {
	const char *code, *words;
} names[FL_CATEGORIES] = {
	[FL_UNC] = {"UNC", "new code that never ran"},
	[FL_LBC] = {"LBC", "unchanged code that ran at the base and does no more"},
	[FL_UIC] = {"UIC", "unchanged text that is code now and never ran"},
	[FL_UBC] = {"UBC", "unchanged code that never ran, then or now"},
	[FL_GBC] = {"GBC", "unchanged code that did not run at the base and does now"},
	[FL_GIC] = {"GIC", "unchanged text that is code now and ran"},
	[FL_GNC] = {"GNC", "new code that ran"},
	[FL_CBC] = {"CBC", "unchanged code that ran, then and now"},
	[FL_EUB] = {"EUB", "unchanged text that is code no more and had never run"},
	[FL_ECB] = {"ECB", "unchanged text that is code no more and had run"},
	[FL_DUB] = {"DUB", "deleted code that had never run"},
	[FL_DCB] = {"DCB", "deleted code that had run"},
};

const char *fl_category_code(enum fl_category category)
{
	return names[category].code;
}

const char *fl_category_words(enum fl_category category)
{
	return names[category].words;
}

static struct fl_diff_line make_line(uint32_t line, uint32_t base_line, enum fl_category category)
{
	return (struct fl_diff_line){
		.line = line, .base_line = base_line, .category = category, .author = FL_NOBODY};
}

/* What is known while one file is compared. */
struct pairing {
	const struct fl_patch_file *patch; /* NULL: unchanged */
	const struct fl_file *file, *base; /* either NULL */
	bool has_base;
	struct fl_diff_line *lines;
	uint32_t *anchors; /* of each line, what it is sorted by */
	size_t count, capacity, anchor_capacity;
};

static const struct fl_line *code_at(const struct fl_file *file, uint32_t line)
{
	const struct fl_line *found = file && line ? fl_file_line(file, line) : NULL;
	return found && !found->excluded ? found : NULL;
}

static void put_line(struct pairing *pairing, struct fl_diff_line line, uint32_t anchor)
{
	pairing->anchors = fl_grow(
		pairing->anchors, pairing->count, &pairing->anchor_capacity, sizeof *pairing->anchors);
	pairing->anchors[pairing->count] = anchor;
	*FL_PUSH(pairing->lines, pairing->count, pairing->capacity) = line;
}

/* A line that is code now. */
static void add_present(struct pairing *pairing, const struct fl_line *line)
{
	uint32_t old = fl_patch_old_line(pairing->patch, line->line);
	const struct fl_line *before = code_at(pairing->base, old);
	enum fl_category category;
	if (!old)
		category = line->count ? FL_GNC : FL_UNC;
	else if (!pairing->has_base)
		return;
	else if (!before)
		category = line->count ? FL_GIC : FL_UIC;
	else if (before->count)
		category = line->count ? FL_CBC : FL_LBC;
	else
		category = line->count ? FL_GBC : FL_UBC;
	struct fl_diff_line entry = make_line(line->line, old, category);
	entry.count = line->count;
	entry.base_count = before ? before->count : 0;
	put_line(pairing, entry, line->line);
}

/* Where a deleted line would be: at the beginning of what took its place. */
static uint32_t anchor_of(const struct fl_patch_file *patch, uint32_t old)
{
	for (size_t i = 0; patch && i < patch->hunk_count; i++) {
		const struct fl_hunk *hunk = &patch->hunks[i];
		if (hunk->old_count && old >= hunk->old_first && old - hunk->old_first < hunk->old_count)
			return hunk->new_count ? hunk->new_first : hunk->new_first + 1;
	}
	return old;
}

/* A line that was code and is not any more. */
static void add_past(struct pairing *pairing, const struct fl_line *line)
{
	uint32_t new = fl_patch_new_line(pairing->patch, line->line);
	if (line->excluded || code_at(pairing->file, new))
		return;
	enum fl_category category = new ? line->count ? FL_ECB : FL_EUB : line->count ? FL_DCB : FL_DUB;
	struct fl_diff_line entry = make_line(new, line->line, category);
	entry.base_count = line->count;
	put_line(pairing, entry, new ? new : anchor_of(pairing->patch, line->line));
}

/* An order of lines that were put by twos: indexes, because the anchors are beside them. */
struct place {
	uint32_t anchor;
	bool present;
	uint32_t base_line;
	size_t index;
};

static int compare_places(const void *left, const void *right)
{
	const struct place *a = left, *b = right;
	if (a->anchor != b->anchor)
		return a->anchor < b->anchor ? -1 : 1;
	if (a->present != b->present)
		return a->present ? 1 : -1;
	return a->base_line < b->base_line ? -1 : a->base_line > b->base_line;
}

static struct fl_diff_line *sort_lines(const struct pairing *pairing, struct fl_arena *arena)
{
	struct place *places = fl_resize(NULL, pairing->count + 1, sizeof *places);
	struct fl_diff_line *sorted = fl_arena_array(arena, pairing->count, sizeof *sorted);
	for (size_t i = 0; i < pairing->count; i++)
		places[i] = (struct place){
			pairing->anchors[i], pairing->lines[i].line > 0, pairing->lines[i].base_line, i};
	if (pairing->count)
		qsort(places, pairing->count, sizeof *places, compare_places);
	for (size_t i = 0; i < pairing->count; i++)
		sorted[i] = pairing->lines[places[i].index];
	free(places);
	return sorted;
}

static void count_patch(const struct pairing *pairing, struct fl_totals *totals)
{
	const struct fl_file *file = pairing->file;
	for (size_t i = 0; file && i < file->line_count; i++) {
		const struct fl_line *line = &file->lines[i];
		if (line->excluded || fl_patch_old_line(pairing->patch, line->line))
			continue;
		totals->lines.found++;
		totals->lines.hit += line->count > 0;
	}
	for (size_t i = 0; file && i < file->branch_count; i++) {
		struct fl_ratio outcomes = fl_branch_outcomes(&file->branches[i]);
		if (fl_patch_old_line(pairing->patch, file->branches[i].start.line))
			continue;
		totals->branches.found += outcomes.found;
		totals->branches.hit += outcomes.hit;
	}
	for (size_t i = 0; file && i < file->function_count; i++) {
		const struct fl_function *function = &file->functions[i];
		if (function->excluded || fl_patch_old_line(pairing->patch, function->start.line))
			continue;
		totals->functions.found++;
		totals->functions.hit += function->count > 0;
	}
}

static bool says_something(const struct fl_diff_file *file)
{
	for (int i = 0; i < FL_CATEGORIES; i++)
		if (file->categories[i] && i != FL_UBC && i != FL_CBC)
			return true;
	if (file->patch.branches.found || file->patch.functions.found)
		return true;
	return file->file && file->base &&
	       memcmp(&file->file->totals, &file->base->totals, sizeof file->file->totals) != 0;
}

static void compare(struct fl_diff *diff, struct pairing *pairing, struct fl_arena *arena)
{
	const struct fl_file *file = pairing->file, *base = pairing->base;
	struct fl_diff_file *entry = &diff->files[diff->file_count];
	*entry = (struct fl_diff_file){
		.path = file ? file->path : base->path,
		.base_path = base             ? base->path
			     : pairing->patch ? pairing->patch->old_path
					      : file->path,
		.change = pairing->patch ? pairing->patch->change : FL_CHANGE_NONE,
		.file = file,
		.base = base,
	};
	pairing->count = 0;
	for (size_t i = 0; file && i < file->line_count; i++)
		if (!file->lines[i].excluded)
			add_present(pairing, &file->lines[i]);
	for (size_t i = 0; base && i < base->line_count; i++)
		add_past(pairing, &base->lines[i]);
	if (diff->has_patch)
		count_patch(pairing, &entry->patch);
	for (size_t i = 0; i < pairing->count; i++)
		entry->categories[pairing->lines[i].category]++;
	for (int i = 0; i < FL_CATEGORIES; i++)
		diff->categories[i] += entry->categories[i];
	fl_totals_add(&diff->patch, &entry->patch);
	if (!says_something(entry))
		return;
	entry->lines = sort_lines(pairing, arena);
	entry->line_count = pairing->count;
	diff->file_count++;
}

static int compare_model_files(const void *left, const void *right)
{
	return strcmp(((const struct fl_file *)left)->path, ((const struct fl_file *)right)->path);
}

/* What a file is called on both sides: by the working tree where there is one. */
static const char *key_of(const struct fl_file *file, const struct fl_patch *patch)
{
	const char *below = patch ? fl_text_below(file->disk_path, patch->top) : NULL;
	return below ? below : file->path;
}

static const char *base_name(const char *path)
{
	const char *slash = strrchr(path, '/');
	return slash ? slash + 1 : path;
}

/* Two builds may have had the same source at two places: the only file of that name that is left over on
 * either side. SIZE_MAX: there is none, or doubt. */
static size_t find_elsewhere(const struct fl_model *model, const struct fl_model *base,
	const struct fl_map *base_files, const bool *seen, const struct fl_file *file)
{
	size_t found = SIZE_MAX, rivals = 0;
	for (size_t i = 0; base && i < base->file_count; i++) {
		if (seen[i] || strcmp(base_name(base->files[i].path), base_name(file->path)))
			continue;
		struct fl_file key = {.path = base->files[i].path};
		if (bsearch(&key, model->files, model->file_count, sizeof key, compare_model_files))
			continue; /* it has its own */
		if (found != SIZE_MAX)
			return SIZE_MAX;
		found = i;
	}
	for (size_t i = 0; found != SIZE_MAX && i < model->file_count; i++)
		rivals += !strcmp(base_name(model->files[i].path), base_name(file->path)) &&
			  !fl_map_get(base_files, model->files[i].path, strlen(model->files[i].path));
	return rivals == 1 ? found : SIZE_MAX;
}

const char *fl_diff_no_code(const struct fl_diff *diff)
{
	return diff->stale ? "not known, it was not compiled" : "no code in it";
}

bool fl_diff_is_stale(const struct fl_file *file)
{
	return file->source == FL_SOURCE_CHANGED;
}

static void compare_present(struct fl_diff *diff, struct fl_model *model, const struct fl_model *base,
	const struct fl_patch *patch, struct fl_map *base_files, bool *seen)
{
	struct pairing pairing = {.has_base = base != NULL};
	for (size_t i = 0; i < model->file_count; i++) {
		const char *key = key_of(&model->files[i], patch);
		pairing.file = &model->files[i];
		pairing.patch = patch ? fl_patch_find(patch, key) : NULL;
		if (pairing.patch)
			key = pairing.patch->old_path;
		const struct fl_map_entry *entry = key ? fl_map_get(base_files, key, strlen(key)) : NULL;
		size_t index = entry ? entry->value : SIZE_MAX;
		if (!entry && !patch)
			index = find_elsewhere(model, base, base_files, seen, &model->files[i]);
		pairing.base = index != SIZE_MAX ? &base->files[index] : NULL;
		if (index != SIZE_MAX)
			seen[index] = true;
		if (pairing.patch && fl_diff_is_stale(pairing.file))
			diff->stale++;
		else
			compare(diff, &pairing, model->arena);
	}
	free(pairing.lines);
	free(pairing.anchors);
}

static const struct fl_patch_file *find_old(const struct fl_patch *patch, const char *old_path)
{
	for (size_t i = 0; patch && i < patch->file_count; i++)
		if (patch->files[i].old_path && !strcmp(patch->files[i].old_path, old_path))
			return &patch->files[i];
	return NULL;
}

static void compare_past(struct fl_diff *diff, struct fl_model *model, const struct fl_model *base,
	const struct fl_patch *patch, const bool *seen)
{
	struct pairing pairing = {.has_base = true};
	for (size_t i = 0; base && i < base->file_count; i++) {
		if (seen[i])
			continue;
		pairing.base = &base->files[i];
		pairing.patch = find_old(patch, key_of(pairing.base, patch));
		compare(diff, &pairing, model->arena);
	}
	free(pairing.lines);
	free(pairing.anchors);
}

static int compare_files(const void *left, const void *right)
{
	return strcmp(((const struct fl_diff_file *)left)->path, ((const struct fl_diff_file *)right)->path);
}

void fl_diff_build(
	struct fl_model *model, struct fl_model *base, const struct fl_patch *patch, const char *named)
{
	struct fl_arena *arena = model->arena;
	struct fl_diff *diff = fl_arena_alloc(arena, sizeof *diff);
	size_t base_count = base ? base->file_count : 0;
	bool *seen = fl_arena_alloc(arena, base_count + 1);
	struct fl_map base_files;
	fl_map_init(&base_files, arena);
	for (size_t i = 0; i < base_count; i++) {
		const char *key = key_of(&base->files[i], patch);
		fl_map_put(&base_files, key, strlen(key))->value = i;
	}
	diff->base = fl_arena_bytes(arena, named, strlen(named));
	diff->revision = patch ? fl_arena_bytes(arena, patch->revision, strlen(patch->revision)) : NULL;
	diff->has_base = base != NULL;
	diff->has_patch = patch != NULL;
	diff->files = fl_arena_array(arena, model->file_count + base_count, sizeof *diff->files);
	compare_present(diff, model, base, patch, &base_files, seen);
	compare_past(diff, model, base, patch, seen);
	if (diff->file_count)
		qsort(diff->files, diff->file_count, sizeof *diff->files, compare_files);
	if (base) {
		diff->base_totals = base->totals;
		fl_arena_adopt(arena, base->arena);
		free(base);
	}
	fl_map_free(&base_files);
	model->diff = diff;
}

size_t fl_diff_run(const struct fl_diff_file *file, size_t first)
{
	const struct fl_diff_line *lines = file->lines;
	size_t last = first;
	while (last + 1 < file->line_count && lines[last + 1].category == lines[first].category &&
		lines[last + 1].line == lines[last].line + 1)
		last++;
	return last;
}

const struct fl_diff_file *fl_diff_find(const struct fl_diff *diff, const char *path)
{
	struct fl_diff_file key = {.path = path};
	return diff->file_count
		       ? bsearch(&key, diff->files, diff->file_count, sizeof *diff->files, compare_files)
		       : NULL;
}
