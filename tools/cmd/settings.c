/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * settings.c: furlong.conf first, over it the environment, over that the command line.
 */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cmd/cmd.h"
#include "util/memory.h"

/* The furlong.conf in the current directory or the nearest above it, not beyond a working tree's top. */
static char *find_config(struct fl_arena *arena)
{
	char *at = getcwd(NULL, 0), *found = NULL;
	while (at && !found) {
		char *candidate = fl_arena_format(arena, "%s/furlong.conf", at);
		if (!access(candidate, F_OK))
			found = candidate;
		char *slash = strrchr(at, '/');
		if (!access(fl_arena_format(arena, "%s/.git", at), F_OK) || !slash || slash == at)
			break;
		*slash = '\0';
	}
	free(at);
	return found;
}

static const struct fl_settings defaults = {
	.data = "furlong-data",
	.report = "furlong-report",
	.min_lines = -1,
	.min_branches = -1,
	.min_functions = -1,
	.min_regions = -1,
	.min_mcdc = -1,
	.min_diff = -1,
	.max_races = -1,
	.max_lost = -1,
	.repeat = 1,
};

void fl_settings_free(struct fl_settings *settings)
{
	struct fl_words *const lists[] = {&settings->words, &settings->base_data, &settings->gates,
		&settings->gates_each, &settings->filter.include, &settings->filter.exclude,
		&settings->filter.path_map};
	for (size_t i = 0; i < sizeof lists / sizeof *lists; i++) {
		free(lists[i]->items);
		*lists[i] = (struct fl_words){0};
	}
}

int fl_settings_parse(struct fl_settings *settings, const struct fl_verb *verb, char *const *argv,
	struct fl_arena *arena, struct fl_error *error)
{
	const struct fl_options options = {fl_option_table, fl_option_count, arena};
	struct fl_settings first = defaults; /* only to learn which furlong.conf to read */
	bool stop = verb->bit == FL_VERB_RUN;
	int result = fl_args_parse(&options, verb->bit, argv, stop, &first, &first.words, error);
	const char *named = first.config;
	bool none = first.no_config;
	fl_settings_free(&first);
	*settings = defaults;
	settings->arena = arena;
	if (result)
		return result;
	const char *config = named ? named : none ? NULL : find_config(arena);
	if (config) {
		char *slash = strrchr(config, '/');
		if (slash)
			settings->filter.root = fl_arena_bytes(arena, config, (size_t)(slash - config));
		if (fl_args_read_config(&options, verb->bit, config, settings, error))
			return -1;
	}
	const char *data = getenv("FURLONG_DATA"); /* where programs put it, so where we look */
	if (data && *data)
		settings->data = data;
	return fl_args_parse(&options, verb->bit, argv, stop, settings, &settings->words, error);
}
