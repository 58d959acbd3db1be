/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * paths.c: see paths.h.
 */
#include "read/paths.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "util/memory.h"

int fl_paths_check_map(const struct fl_words *map, struct fl_error *error)
{
	for (size_t i = 0; i < map->count; i++) {
		const char *equals = strchr(map->items[i], '=');
		if (!equals || equals == map->items[i])
			return fl_error_set(error, FL_EXIT_USAGE,
				"--path-map wants FROM=TO, the path in the data and the path here, not '%s'",
				map->items[i]);
	}
	return 0;
}

/* The path with the first matching FROM replaced by its TO. */
static const char *apply_map(struct fl_arena *arena, const char *path, const struct fl_words *map)
{
	for (size_t i = 0; i < map->count; i++) {
		const char *from = map->items[i], *to = strchr(from, '=') + 1;
		size_t length = (size_t)(to - from) - 1;
		while (length > 1 && from[length - 1] == '/')
			length--;
		if (strncmp(path, from, length) || (path[length] && path[length] != '/'))
			continue;
		return fl_arena_format(arena, "%s%s", to, path + length);
	}
	return path;
}

char *fl_paths_canonical(
	struct fl_arena *arena, const char *path, const struct fl_words *map, const char *base)
{
	char *clean = fl_text_clean_path(arena, apply_map(arena, path, map), base);
	char *real = realpath(clean, NULL);
	if (!real && map->count) /* FROM may have been given in its clean form */
		real = realpath(clean = fl_text_clean_path(arena, apply_map(arena, clean, map), base), NULL);
	if (!real)
		return clean;
	char *copy = fl_arena_bytes(arena, real, strlen(real));
	free(real);
	return copy;
}

static bool any_below(const char *root, const char *const *paths, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (fl_text_below(paths[i], root))
			return true;
	return false;
}

/* The nearest directory at or above `directory` that has a `.git`, or NULL. */
static char *working_tree(struct fl_arena *arena, const char *directory)
{
	char *at = fl_arena_bytes(arena, directory, strlen(directory));
	for (;;) {
		if (!access(fl_arena_format(arena, "%s/.git", at), F_OK))
			return at;
		char *slash = strrchr(at, '/');
		if (!slash || slash == at)
			return NULL;
		*slash = '\0';
	}
}

static char *common_directory(struct fl_arena *arena, const char *const *paths, size_t count)
{
	if (!count)
		return fl_arena_bytes(arena, "/", 1);
	size_t length = strlen(paths[0]);
	for (size_t i = 1; i < count; i++) {
		size_t same = 0;
		while (same < length && paths[i][same] == paths[0][same])
			same++;
		length = same;
	}
	while (length && paths[0][length - 1] != '/')
		length--;
	return fl_arena_bytes(arena, paths[0], length > 1 ? length - 1 : 1);
}

char *fl_paths_base(struct fl_arena *arena)
{
	char *current = getcwd(NULL, 0);
	char *base = fl_arena_format(arena, "%s", current ? current : "/");
	free(current);
	char *tree = working_tree(arena, base);
	return tree ? tree : base;
}

char *fl_paths_find_root(struct fl_arena *arena, const char *const *paths, size_t count)
{
	char *current = getcwd(NULL, 0);
	char *here = fl_arena_format(arena, "%s", current ? current : "/");
	free(current);
	char *tree = working_tree(arena, here);
	if (tree && any_below(tree, paths, count))
		return tree;
	if (strcmp(here, "/") && any_below(here, paths, count))
		return here;
	return common_directory(arena, paths, count);
}

bool fl_paths_is_system(const char *path)
{
	static const char *const system[] = {
		"/usr/include/", "/usr/local/include/", "/usr/lib/", "/usr/lib64/", "/lib/", "/nix/store/"};
	for (size_t i = 0; i < sizeof system / sizeof *system; i++)
		if (!strncmp(path, system[i], strlen(system[i])))
			return true;
	return strstr(path, "/include/c++/") || strstr(path, "/lib/clang/");
}
