/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * source_lines.c: see source_lines.h.
 */
#include "read/source_lines.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "util/files.h"
#include "util/map.h"
#include "util/memory.h"

struct text {
	struct stat read; /* the file when it was read; st_ino 0: never */
	char *bytes;
	size_t size;
	size_t *begins; /* of lines, by number - 1 */
	size_t count, capacity;
};

struct fl_source_lines {
	struct fl_arena *arena;
	struct fl_map paths; /* to an index of texts */
	struct text *texts;
	size_t count, capacity;
};

struct fl_source_lines *fl_source_lines_new(void)
{
	struct fl_source_lines *texts = fl_alloc(sizeof *texts);
	texts->arena = fl_arena_new();
	fl_map_init(&texts->paths, texts->arena);
	return texts;
}

static void forget(struct text *text)
{
	free(text->bytes);
	free(text->begins);
	*text = (struct text){0};
}

void fl_source_lines_free(struct fl_source_lines *texts)
{
	for (size_t i = 0; i < texts->count; i++)
		forget(&texts->texts[i]);
	free(texts->texts);
	fl_map_free(&texts->paths);
	fl_arena_free(texts->arena);
	free(texts);
}

static bool is_same(const struct stat *a, const struct stat *b)
{
	return a->st_ino == b->st_ino && a->st_dev == b->st_dev && a->st_size == b->st_size &&
	       a->st_mtim.tv_sec == b->st_mtim.tv_sec && a->st_mtim.tv_nsec == b->st_mtim.tv_nsec;
}

/* A copy: who edits the file would change a mapping of it. */
static void read_file(struct text *text, const char *path, const struct stat *now)
{
	struct fl_bytes bytes;
	forget(text);
	text->read = *now;
	if (fl_bytes_map(path, &bytes))
		return;
	text->size = bytes.size;
	text->bytes = fl_alloc(bytes.size + 1);
	if (bytes.size)
		memcpy(text->bytes, bytes.data, bytes.size);
	fl_bytes_unmap(&bytes);
	for (const char *at = text->bytes, *end = at + text->size; at && at < end;) {
		*FL_PUSH(text->begins, text->count, text->capacity) = (size_t)(at - text->bytes);
		at = memchr(at, '\n', (size_t)(end - at));
		at = at ? at + 1 : NULL;
	}
}

static struct text *find(struct fl_source_lines *texts, const char *path)
{
	struct fl_map_entry *entry = fl_map_put(&texts->paths, path, strlen(path));
	if (entry->value == SIZE_MAX) {
		entry->value = texts->count;
		*FL_PUSH(texts->texts, texts->count, texts->capacity) = (struct text){0};
	}
	return &texts->texts[entry->value];
}

const char *fl_source_lines_get(
	struct fl_source_lines *texts, const char *path, uint32_t line, struct fl_arena *arena)
{
	struct stat now;
	if (!path || !line || stat(path, &now))
		return NULL;
	struct text *text = find(texts, path);
	if (!is_same(&text->read, &now))
		read_file(text, path, &now);
	if (line > text->count)
		return NULL;
	size_t begin = text->begins[line - 1];
	size_t end = line < text->count ? text->begins[line] - 1 : text->size;
	end -= line == text->count && end > begin && text->bytes[end - 1] == '\n';
	return fl_arena_bytes(arena, text->bytes + begin, end - begin);
}
