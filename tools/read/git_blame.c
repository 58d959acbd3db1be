/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * git_blame.c: `git blame` for the files of a difference, several at once.
 */
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "read/git.h"
#include "util/command.h"
#include "util/map.h"
#include "util/memory.h"
#include "util/progress.h"
#include "util/team.h"
#include "util/text.h"

struct commit {
	const char *author;
	int64_t written;
};

/* By line, from 1 on. */
struct blamed {
	struct commit *lines;
	size_t count, capacity;
};

struct blaming {
	struct fl_diff *diff;
	const struct fl_patch *patch;
	struct blamed *files;
};

/* A line of a commit that is not there yet: all zeros. */
static bool is_committed(const char *hash)
{
	return strspn(hash, "0") < 40;
}

/* --line-porcelain: a heading with hash, old and new line; fields; a tab and the text. */
static void parse(struct blamed *blamed, const char *text, struct fl_arena *arena)
{
	struct commit commit = {0};
	bool committed = false, heading = true;
	for (const char *line = text; *line;) {
		const char *end = strchrnul(line, '\n');
		if (*line == '\t') {
			*FL_PUSH(blamed->lines, blamed->count, blamed->capacity) =
				committed ? commit : (struct commit){0};
			heading = true;
		} else if (heading) {
			committed = is_committed(line);
			heading = false;
		} else if (!strncmp(line, "author ", 7)) {
			commit.author = fl_arena_bytes(arena, line + 7, (size_t)(end - line - 7));
		} else if (!strncmp(line, "author-time ", 12)) {
			commit.written = strtoll(line + 12, NULL, 10);
		}
		line = end + (*end == '\n');
	}
}

static void blame_file(void *context, size_t index, struct fl_arena *arena)
{
	struct blaming *blaming = context;
	const struct fl_diff_file *file = &blaming->diff->files[index];
	const char *name = file->file ? fl_text_below(file->file->disk_path, blaming->patch->top) : NULL;
	struct fl_command command;
	fl_progress_step();
	if (!name)
		return;
	fl_command_run((const char *const[]){"git", "blame", "--line-porcelain", "--", name, NULL},
		blaming->patch->top, &command);
	if (!command.status)
		parse(&blaming->files[index], command.output, arena);
	fl_command_free(&command);
}

static int compare_authors(const void *left, const void *right)
{
	return strcmp(
		((const struct fl_diff_author *)left)->name, ((const struct fl_diff_author *)right)->name);
}

/* Every author once, sorted by name; the map leads to the place. */
static void list_authors(struct blaming *blaming, struct fl_map *places, struct fl_arena *arena)
{
	struct fl_diff *diff = blaming->diff;
	for (size_t i = 0; i < diff->file_count; i++)
		for (size_t j = 0; j < blaming->files[i].count; j++) {
			const char *author = blaming->files[i].lines[j].author;
			if (author)
				fl_map_put(places, author, strlen(author))->value = 0;
		}
	diff->authors = fl_arena_array(arena, places->count, sizeof *diff->authors);
	for (size_t i = 0; i < places->capacity; i++)
		if (places->entries[i].key)
			diff->authors[diff->author_count++].name = places->entries[i].key;
	if (diff->author_count)
		qsort(diff->authors, diff->author_count, sizeof *diff->authors, compare_authors);
	for (size_t i = 0; i < diff->author_count; i++)
		fl_map_put(places, diff->authors[i].name, strlen(diff->authors[i].name))->value = i;
}

static void tell_lines(
	const struct fl_diff_file *file, const struct blamed *blamed, const struct fl_map *places)
{
	for (size_t i = 0; i < file->line_count; i++) {
		struct fl_diff_line *line = &file->lines[i];
		const struct commit *commit =
			line->line && line->line <= blamed->count ? &blamed->lines[line->line - 1] : NULL;
		if (commit && commit->author)
			fl_diff_author(line,
				(uint32_t)fl_map_get(places, commit->author, strlen(commit->author))->value,
				commit->written);
	}
}

void fl_git_blame(struct fl_model *model, const struct fl_patch *patch)
{
	struct fl_diff *diff = model->diff;
	struct blaming blaming = {diff, patch, fl_alloc((diff->file_count + 1) * sizeof *blaming.files)};
	struct fl_map places;
	fl_map_init(&places, model->arena);
	fl_progress_begin("files blamed:", diff->file_count);
	fl_team_run(diff->file_count, blame_file, &blaming, model->arena);
	fl_progress_end();
	list_authors(&blaming, &places, model->arena);
	for (size_t i = 0; i < diff->file_count; i++) {
		tell_lines(&diff->files[i], &blaming.files[i], &places);
		free(blaming.files[i].lines);
	}
	free(blaming.files);
	fl_map_free(&places);
	fl_diff_count_authors(diff, time(NULL));
}
