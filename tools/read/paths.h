/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * paths.h: questions about paths on this machine: what a path of the data means here, what to show it
 * relative to, whether it is the system's.
 */
#ifndef FURLONG_READ_PATHS_H
#define FURLONG_READ_PATHS_H

#include <stdbool.h>

#include "util/error.h"
#include "util/text.h"

/* Every word is FROM=TO. */
int fl_paths_check_map(const struct fl_words *map, struct fl_error *error);
/* Absolute, with the map applied, without symbolic links where the file exists. */
char *fl_paths_canonical(
	struct fl_arena *arena, const char *path, const struct fl_words *map, const char *base);
/* The directory to show paths relative to, when the user named none: the working tree around the current
 * directory, that directory, or the directory that holds all of `paths`; the first with a file below it. */
char *fl_paths_find_root(struct fl_arena *arena, const char *const *paths, size_t count);
bool fl_paths_is_system(const char *path);
/* What relative paths in the data are relative to, when the user named no root. */
char *fl_paths_base(struct fl_arena *arena);

#endif
