/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * main.c: finds the verb, runs it, prints its error, exits. Nothing else exits.
 */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cmd/cmd.h"
#include "cmd/run.h"
#include "cmd/watch.h"
#include "util/memory.h"
#include "util/progress.h"

/* Whether `word` is something to run rather than a verb mistyped: a path, or a program on PATH. */
static bool is_program(const char *word)
{
	return strchr(word, '/') || fl_run_on_path(word);
}

static int choose_color(const struct fl_settings *settings, struct fl_error *error)
{
	static const char *const names[] = {
		[FL_COLOR_AUTO] = "auto", [FL_COLOR_ALWAYS] = "always", [FL_COLOR_NEVER] = "never"};
	if (!settings->color)
		return 0;
	for (unsigned i = 0; i < sizeof names / sizeof *names; i++)
		if (!strcmp(settings->color, names[i]))
			return fl_color_choose((enum fl_color)i), 0;
	return fl_error_set(
		error, FL_EXIT_USAGE, "--color wants always, never or auto, not '%s'", settings->color);
}

static int dispatch(char **argv, struct fl_settings *settings, struct fl_arena *arena, struct fl_error *error)
{
	const char *word = argv[1];
	if (!word) {
		fl_cmd_help(settings, error);
		return FL_EXIT_USAGE;
	}
	if (!strcmp(word, "--help") || !strcmp(word, "-h"))
		word = "help";
	else if (!strcmp(word, "--version") || !strcmp(word, "-V"))
		word = "version";
	const struct fl_verb *verb = fl_verb_find(word);
	char **rest = argv + 2;
	if (!verb && *word != '-' && is_program(word)) {
		verb = fl_verb_find("run");
		rest = argv + 1;
	}
	if (!verb && *word == '-')
		return fl_error_set(error, FL_EXIT_USAGE, "the verb comes first: furlong VERB %s ...", word),
		       FL_EXIT_USAGE;
	if (!verb)
		return fl_verb_unknown(word, error), FL_EXIT_USAGE;
	if (*rest && verb->bit != FL_VERB_HELP && (!strcmp(*rest, "--help") || !strcmp(*rest, "-h"))) {
		*FL_PUSH(settings->words.items, settings->words.count, settings->words.capacity) = verb->name;
		return fl_cmd_help(settings, error);
	}
	if (fl_settings_parse(settings, verb, rest, arena, error))
		return error->code;
	if (choose_color(settings, error))
		return error->code;
	return settings->watch ? fl_watch(settings, verb, error) : verb->run(settings, error);
}

int main(int argc, char **argv)
{
	struct fl_error error = {0};
	struct fl_settings settings = {0};
	struct fl_arena *arena = fl_arena_new();
	(void)argc;
	int status = dispatch(argv, &settings, arena, &error);
	if (*error.text)
		fprintf(stderr, "furlong: %s\n", error.text);
	if (fflush(stdout) && !status)
		status = FL_EXIT_UNWRITABLE;
	fl_settings_free(&settings);
	fl_arena_free(arena);
	return status;
}
