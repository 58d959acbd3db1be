/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * flags.c: `furlong flags`: the flags file of this installation, found from where the tool itself stands.
 */
#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cmd/cmd.h"
#include "cmd/install.h"
#include "util/memory.h"

char *fl_install_library_directory(struct fl_arena *arena)
{
	char self[4096];
	ssize_t length = readlink("/proc/self/exe", self, sizeof self - 1);
	if (length <= 0)
		return NULL;
	self[length] = '\0';
	for (int up = 0; up < 2; up++) { /* PREFIX/bin/furlong */
		char *slash = strrchr(self, '/');
		if (!slash)
			return NULL;
		*slash = '\0';
	}
	return fl_arena_format(arena, "%s/lib/furlong/%s", self, FURLONG_VERSION);
}

/* Link flags are those that only the linker reads. */
static bool is_link_flag(const char *flag)
{
	return !strncmp(flag, "-L", 2) || !strncmp(flag, "-l", 2) || !strncmp(flag, "-Wl,", 4);
}

/* For a command line: without the quotes of the response file, spaces escaped as pkg-config does. */
static void print_flag(const char *flag)
{
	for (; *flag; flag++) {
		if (*flag == '"')
			continue;
		if (*flag == ' ')
			putchar('\\');
		putchar(*flag);
	}
}

static int print_flags(const struct fl_settings *settings, const char *path, struct fl_error *error)
{
	FILE *file = fopen(path, "re");
	if (!file)
		return fl_error_set(error, FL_EXIT_DATA, "cannot read %s: %s", path, strerror(errno));
	char *line = NULL;
	size_t capacity = 0;
	bool first = true;
	for (ssize_t length; (length = getline(&line, &capacity, file)) >= 0;) {
		while (length && (line[length - 1] == '\n' || line[length - 1] == ' '))
			line[--length] = '\0';
		bool link = is_link_flag(*line == '"' ? line + 1 : line);
		if (!length || (link ? !settings->libs : !settings->cflags))
			continue;
		fputs(first ? "" : " ", stdout);
		print_flag(line);
		first = false;
	}
	putchar('\n');
	free(line);
	fclose(file);
	return 0;
}

/* The instruments that this installation has flags for, in `names`. */
static void list_instruments(struct fl_arena *arena, const char *directory, struct fl_words *names)
{
	DIR *listing = opendir(directory);
	for (struct dirent *entry; listing && (entry = readdir(listing));) {
		const char *dot = strrchr(entry->d_name, '.');
		if (dot && !strcmp(dot, ".flags"))
			*FL_PUSH(names->items, names->count, names->capacity) =
				fl_arena_bytes(arena, entry->d_name, (size_t)(dot - entry->d_name));
	}
	if (listing)
		closedir(listing);
}

static int unknown_instrument(
	struct fl_arena *arena, const char *directory, const char *what, struct fl_error *error)
{
	struct fl_words names = {0};
	list_instruments(arena, directory, &names);
	if (!names.count)
		return fl_error_set(error, FL_EXIT_DATA,
			"no flags files in %s; `furlong doctor` looks closer", directory);
	const char *nearest = fl_text_nearest(what, names.items, names.count);
	const char *list = "";
	for (size_t i = 0; i < names.count; i++)
		list = fl_arena_format(arena, "%s%s%s", list, i ? ", " : "", names.items[i]);
	free(names.items);
	return fl_error_set(error, FL_EXIT_USAGE, "no flags for '%s'%s%s; there are: %s", what,
		nearest ? "; did you mean " : "", nearest ? nearest : "", list);
}

int fl_cmd_flags(struct fl_settings *settings, struct fl_error *error)
{
	const char *what = settings->words.count ? settings->words.items[0] : "all";
	const char *directory = fl_install_library_directory(settings->arena);
	if (settings->words.count > 1)
		return fl_error_set(error, FL_EXIT_USAGE, "flags of one thing at a time"), FL_EXIT_USAGE;
	char *path = fl_arena_format(settings->arena, "%s/%s.flags", directory ? directory : "", what);
	if (strchr(what, '/') || access(path, R_OK)) {
		unknown_instrument(settings->arena, directory ? directory : "", what, error);
		return error->code;
	}
	if (!settings->cflags && !settings->libs)
		return puts(path) < 0 ? FL_EXIT_UNWRITABLE : 0;
	return print_flags(settings, path, error) ? (int)error->code : 0;
}
