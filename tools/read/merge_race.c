/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * merge_race.c: see merge_race.h. Whole blocks are copied; what is none is left out and said.
 */
#include "read/merge_race.h"

#include <errno.h>
#include <furlong/format.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "read/race_block.h"
#include "read/race_field.h"
#include "read/races.h"
#include "util/files.h"
#include "util/memory.h"

/* What becomes one file. */
struct joined {
	const char *name; /* of the output */
	char *bytes;
	size_t size;
};

struct merge {
	const struct fl_merge_options *options;
	struct fl_arena *arena;
	struct joined *joined;
	size_t count, capacity;
};

static const char *base_name(const char *path)
{
	const char *slash = strrchr(path, '/');
	return slash ? slash + 1 : path;
}

static struct joined *find_joined(struct merge *merge, const char *input)
{
	const char *output = merge->options->output;
	const char *name = fl_races_is_file(output)
				   ? output
				   : fl_arena_format(merge->arena, "%s/%s", output, base_name(input));
	for (size_t i = 0; i < merge->count; i++)
		if (!strcmp(merge->joined[i].name, name))
			return &merge->joined[i];
	struct joined *joined = FL_PUSH(merge->joined, merge->count, merge->capacity);
	*joined = (struct joined){.name = name};
	return joined;
}

static void append(struct joined *joined, const char *bytes, size_t size)
{
	joined->bytes = fl_resize(joined->bytes, joined->size + size + 1, 1);
	memcpy(joined->bytes + joined->size, bytes, size);
	joined->size += size;
}

/* A block, with another label if one is wanted: the third field of its line "program". */
static void append_block(const struct merge *merge, struct joined *joined, const char *bytes, size_t size)
{
	static const char word[] = "\nprogram ";
	const char *line = merge->options->label ? memmem(bytes, size, word, sizeof word - 1) : NULL;
	const char *end = bytes + size;
	const char *space =
		line ? memchr(line + sizeof word - 1, ' ', (size_t)(end - line) - sizeof word + 1) : NULL;
	const char *stop = space ? memchr(space, '\n', (size_t)(end - space)) : NULL;
	if (!stop) {
		append(joined, bytes, size);
		return;
	}
	const char *label = fl_race_field_of(merge->arena, merge->options->label);
	append(joined, bytes, (size_t)(space + 1 - bytes));
	append(joined, label, strlen(label));
	append(joined, stop, (size_t)(end - stop));
}

static int read_file(struct merge *merge, const char *path, struct fl_error *error)
{
	struct fl_bytes bytes;
	struct fl_race_block block;
	fl_races_settle(path);
	if (fl_bytes_map(path, &bytes))
		return fl_error_set(error, FL_EXIT_DATA, "cannot read %s: %s", path, strerror(errno));
	struct fl_race_text text = {.path = path, .data = (const char *)bytes.data, .size = bytes.size};
	struct joined *joined = find_joined(merge, path);
	int result = 0, found;
	for (size_t begin = 0; (found = fl_race_block_read(&text, &block, merge->arena, error));
		begin = text.at) {
		if (found > 0)
			append_block(merge, joined, text.data + begin, text.at - begin);
		else
			result = -1;
	}
	fl_bytes_unmap(&bytes);
	return result;
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

static int write_joined(const struct joined *joined, const struct fl_words *files, struct fl_error *error)
{
	struct fl_output output;
	struct stat st;
	if (!joined->size)
		return 0;
	if (!stat(joined->name, &st) && !among(files, joined->name))
		return fl_error_set(error, FL_EXIT_UNWRITABLE,
			"%s is there already; name it among the inputs to add to it, or remove it",
			joined->name);
	if (fl_output_open(&output, joined->name, error))
		return -1;
	fwrite(joined->bytes, 1, joined->size, output.stream);
	return fl_output_close(&output, error);
}

int fl_merge_races(const struct fl_words *files, const struct fl_merge_options *options, size_t *left_out,
	struct fl_error *error)
{
	struct merge merge = {.options = options, .arena = fl_arena_new()};
	int result = 0;
	for (size_t i = 0; i < files->count; i++) {
		if (!fl_races_is_file(files->items[i]) || !read_file(&merge, files->items[i], error))
			continue;
		fprintf(stderr, "furlong: %s\n", error->text);
		++*left_out;
	}
	if (merge.count && !fl_races_is_file(options->output))
		result = fl_make_directories(options->output, error);
	for (size_t i = 0; i < merge.count && !result; i++)
		result = write_joined(&merge.joined[i], files, error);
	for (size_t i = 0; i < merge.count; i++)
		free(merge.joined[i].bytes);
	free(merge.joined);
	fl_arena_free(merge.arena);
	return result;
}
