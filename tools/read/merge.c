/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * merge.c: see merge.h. The result has one slot, which nobody owns, so that a program can go on counting
 * into it.
 */
#include "read/merge.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "read/data.h"
#include "read/merge_race.h"
#include "read/races.h"
#include "read/tests.h"
#include "util/files.h"
#include "util/map.h"
#include "util/memory.h"

/* All inputs of one binary and label. */
struct group {
	struct fl_data first; /* whose tables are copied */
	const char *label;
	uint64_t *sums;
	uint64_t unslotted_threads, private_processes;
	struct fl_test_bytes tests; /* records */
};

struct merge {
	struct fl_arena *arena;
	struct fl_map keys;
	struct group *groups;
	size_t group_count, group_capacity;
	struct fl_words read, written; /* paths */
	bool labels_to_tests;
};

static void add_tests(
	const struct merge *merge, struct group *group, const struct fl_data *data, const uint64_t *counts)
{
	fl_test_bytes_add_file(&group->tests, fl_tests_path(data->path, merge->arena));
	if (merge->labels_to_tests && *data->label)
		fl_test_bytes_add(
			&group->tests, data->header.module_id, data->label, counts, fl_data_counters(data));
}

static void add_counters(const struct merge *merge, struct group *group, const struct fl_data *data)
{
	size_t count = fl_data_counters(data);
	uint64_t *more = fl_resize(NULL, count + 1, sizeof *more);
	fl_data_sum(data, more);
	for (size_t i = 0; i < count; i++)
		group->sums[i] += more[i];
	add_tests(merge, group, data, more);
	free(more);
	group->unslotted_threads += data->header.unslotted_threads;
	group->private_processes += data->header.private_processes;
}

static bool same_tables(const struct fl_data *a, const struct fl_data *b)
{
	return a->function_count == b->function_count && a->map_bytes == b->map_bytes &&
	       a->header.counters_bytes == b->header.counters_bytes && !memcmp(a->map, b->map, a->map_bytes);
}

/* Takes the data over. */
static int add_data(struct merge *merge, struct fl_data *data, const char *label, struct fl_error *error)
{
	*FL_PUSH(merge->read.items, merge->read.count, merge->read.capacity) = data->path;
	const char *key = fl_arena_format(merge->arena, "%016" PRIx64 "%s", data->header.module_id, label);
	struct fl_map_entry *entry = fl_map_put(&merge->keys, key, strlen(key));
	if (entry->value == SIZE_MAX) {
		entry->value = merge->group_count;
		struct group *group = FL_PUSH(merge->groups, merge->group_count, merge->group_capacity);
		*group = (struct group){.first = *data, .label = entry->key + 16};
		group->sums = fl_alloc(data->header.counters_bytes + 8);
		add_counters(merge, group, data);
		return 0;
	}
	struct group *group = &merge->groups[entry->value];
	if (!same_tables(&group->first, data)) {
		fl_error_set(error, FL_EXIT_DATA,
			"%s and %s have the same module id and different tables; one is damaged",
			group->first.path, data->path);
		fl_data_close(data);
		return -1;
	}
	add_counters(merge, group, data);
	fl_data_close(data);
	return 0;
}

static uint64_t page_up(uint64_t offset)
{
	return (offset + 4095) & ~(uint64_t)4095;
}

static struct furlong_data_header plan(const struct group *group, const char *label)
{
	struct furlong_data_header header = group->first.header;
	header.header_bytes = sizeof header;
	header.slots_used = header.counters_bytes && header.slot_capacity ? 1 : 0;
	header.path_offset = sizeof header;
	header.label_bytes = (uint32_t)strlen(label);
	header.functions_offset =
		(header.path_offset + header.path_bytes + header.label_bytes + 7) & ~(uint64_t)7;
	header.map_offset = header.functions_offset + header.functions_bytes;
	header.owners_offset = (header.map_offset + header.map_bytes + 7) & ~(uint64_t)7;
	header.slots_offset = page_up(header.owners_offset + 8u * header.slot_capacity);
	header.unslotted_threads = group->unslotted_threads;
	header.private_processes = group->private_processes;
	return header;
}

static void write_at(FILE *out, uint64_t offset, const void *bytes, size_t length)
{
	fseeko(out, (off_t)offset, SEEK_SET);
	fwrite(bytes, 1, length, out);
}

static int write_group(const struct group *group, const char *label, const char *path, struct fl_error *error)
{
	struct fl_output output;
	if (fl_output_open(&output, path, error))
		return -1;
	struct furlong_data_header header = plan(group, label);
	FILE *out = output.stream;
	write_at(out, 0, &header, sizeof header);
	write_at(out, header.path_offset, group->first.module, header.path_bytes);
	fwrite(label, 1, header.label_bytes, out);
	write_at(out, header.functions_offset, group->first.functions, header.functions_bytes);
	write_at(out, header.map_offset, group->first.map, header.map_bytes);
	if (header.slots_used) {
		uint64_t last = header.slots_offset + header.slot_stride - 1;
		write_at(out, last, "", 1); /* whole pages */
		write_at(out, header.slots_offset + header.slot_head, group->sums, header.counters_bytes);
	}
	return fl_output_close(&output, error);
}

static int write_tests(
	struct merge *merge, const struct group *group, const char *path, struct fl_error *error)
{
	struct fl_output output;
	if (!group->tests.count)
		return 0;
	if (fl_output_open(&output, fl_tests_path(path, merge->arena), error))
		return -1;
	fwrite(group->tests.items, 1, group->tests.count, output.stream);
	return fl_output_close(&output, error);
}

static bool among(const struct fl_words *files, const char *path)
{
	struct stat wanted, st;
	if (stat(path, &wanted))
		return false;
	for (size_t i = 0; i < files->count; i++)
		if (!stat(files->items[i], &st) && st.st_dev == wanted.st_dev && st.st_ino == wanted.st_ino)
			return true;
	return false;
}

static uint32_t hash_label(const char *label)
{
	uint32_t hash = 2166136261u; /* FNV-1a */
	while (*label)
		hash = (hash ^ (uint8_t)*label++) * 16777619u;
	return hash;
}

/* As the runtime names them (docs/design/counting.md), so that a program goes on counting into the result. */
enum { NAME_BASE_BYTES = 100 };

static char *file_name(struct merge *merge, const struct group *group, const char *directory)
{
	const char *slash = strrchr(group->first.module, '/');
	const char *base = slash ? slash + 1 : group->first.module;
	if (!*group->label)
		return fl_arena_format(merge->arena, "%s/%.*s.%016" PRIx64 FURLONG_DATA_SUFFIX, directory,
			NAME_BASE_BYTES, base, group->first.header.module_id);
	return fl_arena_format(merge->arena, "%s/%.*s.%016" PRIx64 ".%08x" FURLONG_DATA_SUFFIX, directory,
		NAME_BASE_BYTES, base, group->first.header.module_id, hash_label(group->label));
}

static bool stands_in(struct merge *merge, const char *path, const char *directory)
{
	const char *slash = strrchr(path, '/');
	const char *own = slash ? fl_arena_format(merge->arena, "%.*s/", (int)(slash - path), path) : ".";
	struct stat a, b;
	return !stat(own, &a) && !stat(directory, &b) && a.st_dev == b.st_dev && a.st_ino == b.st_ino;
}

/* In place, counts must not stand there twice. */
static void remove_read(struct merge *merge, const char *directory)
{
	for (size_t i = 0; i < merge->read.count; i++) {
		const char *path = merge->read.items[i];
		if (among(&merge->written, path) || !stands_in(merge, path, directory))
			continue;
		unlink(path);
		unlink(fl_tests_path(path, merge->arena));
	}
}

static int write_groups(struct merge *merge, const struct fl_words *files,
	const struct fl_merge_options *options, struct fl_error *error)
{
	size_t length = strlen(options->output), suffix = strlen(FURLONG_DATA_SUFFIX);
	bool one_file = length > suffix && !strcmp(options->output + length - suffix, FURLONG_DATA_SUFFIX);
	if (one_file && merge->group_count > 1)
		return fl_error_set(error, FL_EXIT_USAGE,
			"the inputs are of %zu binaries and labels, which do not fit in one file; give -o a "
			"directory",
			merge->group_count);
	if (!one_file && fl_make_directories(options->output, error))
		return -1;
	for (size_t i = 0; i < merge->group_count; i++) {
		struct group *group = &merge->groups[i];
		const char *path = one_file ? options->output : file_name(merge, group, options->output);
		struct stat st;
		if (!stat(path, &st) && !among(files, path))
			return fl_error_set(error, FL_EXIT_UNWRITABLE,
				"%s is there already; name it among the inputs to add to it, or remove it",
				path);
		if (write_group(group, group->label, path, error) || write_tests(merge, group, path, error))
			return -1;
		*FL_PUSH(merge->written.items, merge->written.count, merge->written.capacity) = path;
	}
	if (!one_file)
		remove_read(merge, options->output);
	return 0;
}

/* One file cannot hold counts and races. */
static int check_kinds(const struct merge *merge, const struct fl_merge_options *options, size_t races,
	struct fl_error *error)
{
	size_t length = strlen(options->output), suffix = strlen(FURLONG_DATA_SUFFIX);
	bool counts = length > suffix && !strcmp(options->output + length - suffix, FURLONG_DATA_SUFFIX);
	if ((counts && races) || (fl_races_is_file(options->output) && merge->group_count))
		return fl_error_set(error, FL_EXIT_USAGE,
			"%s cannot hold %s, which the inputs have; give -o a directory", options->output,
			counts ? "races" : "counts");
	return 0;
}

int fl_merge(const struct fl_words *files, const struct fl_merge_options *options, size_t *left_out,
	struct fl_error *error)
{
	struct merge merge = {.arena = fl_arena_new(), .labels_to_tests = options->tests};
	const char *label = options->tests ? "" : options->label;
	fl_map_init(&merge.keys, merge.arena);
	int result = 0;
	size_t races = 0;
	*left_out = 0;
	for (size_t i = 0; i < files->count && !result; i++) {
		struct fl_data data;
		if (fl_races_is_file(files->items[i])) {
			races++;
			continue;
		}
		if (fl_data_open(&data, files->items[i], error)) {
			fprintf(stderr, "furlong: %s\n", error->text);
			++*left_out;
			continue;
		}
		if (data.header.version) {
			result = add_data(&merge, &data, label ? label : data.label, error);
			continue;
		}
		result = fl_error_set(
			error, FL_EXIT_USAGE, "%s is a binary; merge adds up data files", files->items[i]);
		fl_data_close(&data);
	}
	if (!result)
		result = check_kinds(&merge, options, races, error);
	if (!result && races)
		result = fl_merge_races(files, options, left_out, error);
	if (!result && !merge.group_count && !races)
		result = fl_error_set(error, FL_EXIT_DATA, "no data to merge");
	if (!result && merge.group_count)
		result = write_groups(&merge, files, options, error);
	for (size_t i = 0; i < merge.group_count; i++) {
		free(merge.groups[i].sums);
		free(merge.groups[i].tests.items);
		fl_data_close(&merge.groups[i].first);
	}
	free(merge.groups);
	free(merge.read.items);
	free(merge.written.items);
	fl_map_free(&merge.keys);
	fl_arena_free(merge.arena);
	return result;
}
