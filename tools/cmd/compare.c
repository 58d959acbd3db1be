/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * compare.c: what the options --base, --base-data, --blame and --baseline do to a model once it is read.
 */
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "cmd/cmd.h"
#include "model/diff.h"
#include "read/baseline.h"
#include "read/git.h"
#include "read/load.h"
#include "util/memory.h"

/* The base's sources are not those on the disk, so nothing is to be said about that. */
static int load_base(const struct fl_settings *settings, const struct fl_model *model, struct fl_model **base,
	struct fl_error *error)
{
	struct fl_filter filter = settings->filter;
	filter.root = model->root;
	filter.other_revision = settings->base != NULL;
	if (!fl_load(&settings->base_data, &filter, base, error))
		return 0;
	struct fl_error why = *error;
	return fl_error_set(error, FL_EXIT_DATA, "--base-data: %s", why.text);
}

static void keep_notes(struct fl_model *model, const struct fl_model *base)
{
	for (size_t i = 0; i < base->note_count; i++)
		if (base->notes[i].lost)
			fl_model_note(model, false, "the base: %s", base->notes[i].text);
}

static bool is_source(const char *path)
{
	static const char *const endings[] = {".c", ".cc", ".cpp", ".cxx", ".c++", ".C", ".m", ".mm"};
	const char *dot = strrchr(path, '.');
	for (size_t i = 0; dot && i < sizeof endings / sizeof *endings; i++)
		if (!strcmp(dot, endings[i]))
			return true;
	return false;
}

static bool is_unwanted(const struct fl_settings *settings, const char *path)
{
	const struct fl_words *include = &settings->filter.include, *exclude = &settings->filter.exclude;
	bool included = !include->count;
	for (size_t i = 0; i < include->count; i++)
		included |= fl_text_glob(include->items[i], path);
	for (size_t i = 0; i < exclude->count; i++)
		included &= !fl_text_glob(exclude->items[i], path);
	return !included;
}

static bool has_data(const struct fl_model *model, const char *disk_path)
{
	for (size_t i = 0; i < model->file_count; i++)
		if (!strcmp(model->files[i].disk_path, disk_path))
			return true;
	return false;
}

/* A new file that nobody built would make no patch worse: a gate on the patch may not pass by it. */
static void note_unseen(
	const struct fl_settings *settings, struct fl_model *model, const struct fl_patch *patch)
{
	const char *first = NULL;
	bool lost = settings->min_diff >= 0;
	size_t more = 0;
	for (size_t i = 0; i < patch->file_count; i++) {
		const char *path = patch->files[i].path;
		if (!path || !is_source(path) || is_unwanted(settings, path) ||
			has_data(model, fl_arena_format(settings->arena, "%s/%s", patch->top, path)))
			continue;
		if (first)
			more++;
		else
			first = path;
	}
	if (first && more)
		fl_model_note(model, lost,
			"%s and %zu other files changed since %s and are not in these data: were they built "
			"with the "
			"flag? --exclude names those that are not",
			first, more, patch->named);
	else if (first)
		fl_model_note(model, lost,
			"%s changed since %s and is not in these data: was it built with the flag? --exclude "
			"names "
			"what is not",
			first, patch->named);
}

/* Counts of another text say nothing of the lines that changed, and must not let them pass. */
static void note_stale(struct fl_model *model, const struct fl_patch *patch)
{
	for (size_t i = 0; i < model->file_count; i++) {
		const char *below = fl_text_below(model->files[i].disk_path, patch->top);
		if (below && fl_diff_is_stale(&model->files[i]) && fl_patch_find(patch, below))
			fl_model_note(model, true,
				"%s changed since %s and was not compiled since: what runs of its changed "
				"lines is not known",
				model->files[i].path, patch->named);
	}
}

/* Without a revision nobody says which line became which. */
static void note_moved(struct fl_model *model, const struct fl_model *base)
{
	const struct fl_file *first = NULL;
	size_t more = 0;
	for (size_t i = 0; i < base->file_count; i++) {
		if (!fl_diff_is_stale(&base->files[i]))
			continue;
		more += first != NULL;
		first = first ? first : &base->files[i];
	}
	if (first)
		fl_model_note(model, false,
			"%s%s changed since the base was compiled, and lines are compared by their numbers: "
			"--base REV "
			"follows what changed",
			first->path, more ? fl_arena_format(model->arena, " and %zu more", more) : "");
}

static const char *base_name(const struct fl_settings *settings)
{
	return settings->base ? settings->base : settings->base_data.items[0];
}

static int compare(const struct fl_settings *settings, struct fl_model *model, struct fl_error *error)
{
	struct fl_patch patch;
	struct fl_model *base = NULL;
	const char *directory = access(model->root, F_OK) || !strcmp(model->root, "/") ? "." : model->root;
	if (settings->base && fl_git_patch(directory, settings->base, &patch, settings->arena, error))
		return -1;
	if (settings->base_data.count && load_base(settings, model, &base, error))
		return -1;
	if (base)
		keep_notes(model, base);
	if (settings->base) {
		note_unseen(settings, model, &patch);
		note_stale(model, &patch);
	} else if (base) {
		note_moved(model, base);
	}
	fl_diff_build(model, base, settings->base ? &patch : NULL, base_name(settings));
	if (settings->blame && settings->base)
		fl_git_blame(model, &patch);
	return 0;
}

static int accept(const struct fl_settings *settings, struct fl_model *model, struct fl_error *error)
{
	struct fl_baseline baseline;
	int result = fl_baseline_read(&baseline, settings->baseline, model->arena, error);
	if (!result)
		fl_baseline_apply(&baseline, model, time(NULL));
	fl_baseline_free(&baseline);
	return result;
}

int fl_compare(const struct fl_settings *settings, struct fl_model *model, struct fl_error *error)
{
	if (settings->blame && !settings->base)
		return fl_error_set(error, FL_EXIT_USAGE, "--blame wants --base REV: what to compare with");
	if (settings->baseline && accept(settings, model, error))
		return -1;
	return settings->base || settings->base_data.count ? compare(settings, model, error) : 0;
}
