/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * list.c: which data files a command line means.
 */
#include <dirent.h>
#include <errno.h>
#include <furlong/format.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "read/data.h"
#include "read/load.h"
#include "read/races.h"
#include "util/memory.h"

static bool is_data_name(const char *name)
{
	size_t length = strlen(name), suffix = strlen(FURLONG_DATA_SUFFIX);
	if (*name == '.')
		return false;
	return fl_races_is_file(name) ||
	       (length > suffix && !strcmp(name + length - suffix, FURLONG_DATA_SUFFIX));
}

static int compare_words(const void *left, const void *right)
{
	return strcmp(*(const char *const *)left, *(const char *const *)right);
}

static int list_directory(
	const char *path, struct fl_words *files, struct fl_arena *arena, struct fl_error *error)
{
	DIR *directory = opendir(path);
	if (!directory)
		return fl_error_set(error, FL_EXIT_DATA, "cannot read %s: %s", path, strerror(errno));
	size_t first = files->count;
	for (struct dirent *entry; (entry = readdir(directory));)
		if (is_data_name(entry->d_name))
			*FL_PUSH(files->items, files->count, files->capacity) =
				fl_arena_format(arena, "%s/%s", path, entry->d_name);
	closedir(directory);
	if (files->count > first)
		qsort(files->items + first, files->count - first, sizeof *files->items, compare_words);
	return 0;
}

int fl_load_list(
	const struct fl_words *inputs, struct fl_words *files, struct fl_arena *arena, struct fl_error *error)
{
	for (size_t i = 0; i < inputs->count; i++) {
		struct stat st;
		const char *input = inputs->items[i];
		if (stat(input, &st))
			return fl_error_set(
				error, FL_EXIT_DATA, "cannot read %s: %s", input, strerror(errno));
		if (S_ISDIR(st.st_mode)) {
			if (list_directory(input, files, arena, error))
				return -1;
		} else {
			*FL_PUSH(files->items, files->count, files->capacity) = input;
		}
	}
	return 0;
}

/* Race data only grow. */
static uint64_t total(const char *path)
{
	struct fl_data data;
	struct fl_error ignored;
	struct stat st;
	uint64_t sum = 0;
	if (fl_races_is_file(path))
		return stat(path, &st) ? 0 : (uint64_t)st.st_size;
	if (fl_data_open(&data, path, &ignored))
		return 0;
	size_t count = data.header.slots_used ? fl_data_counters(&data) : 0;
	uint64_t *sums = fl_resize(NULL, count + 1, sizeof *sums);
	if (count)
		fl_data_sum(&data, sums);
	for (size_t i = 0; i < count; i++)
		sum += sums[i];
	free(sums);
	fl_data_close(&data);
	return sum;
}

uint64_t fl_load_grand_total(const char *directory)
{
	struct fl_arena *arena = fl_arena_new();
	struct fl_words files = {0};
	struct fl_error ignored;
	uint64_t sum = 0;
	list_directory(directory, &files, arena, &ignored);
	for (size_t i = 0; i < files.count; i++)
		sum += total(files.items[i]);
	free(files.items);
	fl_arena_free(arena);
	return sum;
}
