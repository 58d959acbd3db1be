/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * flags.c: `furlong flags`: the flags file of this installation, found from where the tool itself stands.
 */
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
		printf("%s%s", first ? "" : " ", line);
		first = false;
	}
	putchar('\n');
	free(line);
	fclose(file);
	return 0;
}

int fl_cmd_flags(struct fl_settings *settings, struct fl_error *error)
{
	static const char *const known[] = {"coverage", "race", "all"};
	const char *what = settings->words.count ? settings->words.items[0] : "all";
	bool is_known = false;
	for (size_t i = 0; i < 3; i++)
		is_known |= !strcmp(known[i], what);
	if (!is_known || settings->words.count > 1) {
		const char *nearest = fl_text_nearest(what, known, 3);
		fl_error_set(error, FL_EXIT_USAGE, "flags wants one of coverage, race, all, not '%s'%s%s",
			what, nearest ? "; did you mean " : "", nearest ? nearest : "");
		return error->code;
	}
	char *directory = fl_install_library_directory(settings->arena);
	char *path = fl_arena_format(settings->arena, "%s/%s.flags", directory ? directory : "?", what);
	if (access(path, R_OK)) {
		fl_error_set(error, FL_EXIT_DATA,
			"no %s: this installation has no %s instrument; `furlong doctor` looks closer", path,
			what);
		return error->code;
	}
	if (!settings->cflags && !settings->libs)
		return puts(path) < 0 ? FL_EXIT_UNWRITABLE : 0;
	return print_flags(settings, path, error) ? (int)error->code : 0;
}
