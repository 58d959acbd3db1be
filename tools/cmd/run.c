/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * run.c: `furlong run`: run, collect, summarise, write the pages.
 */
#include "cmd/run.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "cmd/cmd.h"
#include "html/html.h"
#include "model/tests.h"
#include "read/load.h"
#include "read/tests.h"
#include "util/files.h"
#include "util/memory.h"
#include "write/write.h"

/* Where the user did not set it. */
static void add_option(const char *key, const char *value, struct fl_arena *arena)
{
	const char *options = getenv("FURLONG_OPTIONS");
	if (!options || !strstr(options, key))
		setenv("FURLONG_OPTIONS",
			fl_arena_format(
				arena, "%s%s%s=%s", options ? options : "", options ? ":" : "", key, value),
			1);
}

/* FURLONG_OPTIONS would win over the short forms; the last of equal keys in it wins over the others. */
static void tell_program(const char *name, const char *key, const char *value, struct fl_arena *arena)
{
	const char *options = getenv("FURLONG_OPTIONS");
	char quote = strchr(value, '\'') ? '"' : '\'';
	setenv(name, value, 1);
	if (options && strstr(options, key))
		setenv("FURLONG_OPTIONS",
			fl_arena_format(arena, "%s:%s=%c%s%c", options, key, quote, value, quote), 1);
}

/* Makes the data directory, keeps it out of version control, and tells the program where it is: by an
 * absolute path, because the program may go elsewhere. */
static int prepare(struct fl_settings *settings, struct fl_error *error)
{
	if (fl_make_directories(settings->data, error))
		return -1;
	char *absolute = realpath(settings->data, NULL);
	if (!absolute || access(absolute, W_OK)) {
		free(absolute);
		return fl_error_set(
			error, FL_EXIT_UNWRITABLE, "cannot write to %s: %s", settings->data, strerror(errno));
	}
	tell_program("FURLONG_DATA", "dir", absolute, settings->arena);
	if (settings->label)
		tell_program("FURLONG_LABEL", "label", settings->label, settings->arena);
	if (settings->baseline) /* the program cannot know which races are accepted: we judge them */
		add_option("exitcode", "0", settings->arena);
	char *ignore = fl_arena_format(settings->arena, "%s/.gitignore", absolute);
	free(absolute);
	FILE *file = access(ignore, F_OK) ? fopen(ignore, "we") : NULL;
	if (file) {
		fputs("*\n", file);
		fclose(file);
	}
	return 0;
}

/* Removes the data files, and nothing else, from the data directory. */
static int forget(struct fl_settings *settings, struct fl_error *error)
{
	struct fl_words files = {0}, only = {.items = &settings->data, .count = 1};
	int result = fl_load_list(&only, &files, settings->arena, error);
	for (size_t i = 0; i < files.count && !result; i++) {
		const char *tests = fl_tests_path(files.items[i], settings->arena);
		if ((unlink(files.items[i]) || (tests && unlink(tests))) && errno != ENOENT)
			result = fl_error_set(error, FL_EXIT_UNWRITABLE, "cannot remove %s: %s",
				files.items[i], strerror(errno));
	}
	free(files.items);
	return result;
}

/* What a reader of the summary should open first. */
static void least_covered(const struct fl_model *model)
{
	const struct fl_file *worst[3] = {0};
	for (size_t i = 0; i < model->file_count; i++) {
		const struct fl_file *file = &model->files[i];
		for (int place = 0; place < 3; place++) {
			uint64_t missed = file->totals.lines.found - file->totals.lines.hit;
			const struct fl_file *other = worst[place];
			if (!missed ||
				(other && missed <= other->totals.lines.found - other->totals.lines.hit))
				continue;
			memmove(worst + place + 1, worst + place, (size_t)(2 - place) * sizeof *worst);
			worst[place] = file;
			break;
		}
	}
	for (int place = 0; place < 3 && model->file_count > 1 && worst[place]; place++) {
		char percent[16];
		const struct fl_ratio lines = worst[place]->totals.lines;
		fprintf(stderr, "  %6s  %s (%llu lines missed)\n", fl_write_percent(lines, percent),
			worst[place]->path, (unsigned long long)(lines.found - lines.hit));
	}
}

static const char *where_races_are(const struct fl_settings *settings)
{
	if (settings->no_report)
		return "`furlong races`";
	return fl_arena_format(settings->arena, "%s/index.html#races", settings->report);
}

/* What was running, and what of the races is new. */
struct outcome {
	int status;
	int race_status; /* what races make of a status 0 */
	uint64_t began;  /* ns since 1970 */
};

/* At most a dozen lines: 1 for the status, 1 + 3 for coverage, 1 for races, 4 for notes, 1 for the report. */
static void summarise(
	const struct fl_settings *settings, const struct fl_model *model, const struct outcome *outcome)
{
	const struct fl_races *races = &model->races;
	int status = outcome->status;
	if (status > 128)
		fprintf(stderr, "furlong: %s ended by signal %d (%s)\n", settings->words.items[0],
			status - 128, strsignal(status - 128));
	else if (status)
		fprintf(stderr, "furlong: %s ended with status %d\n", settings->words.items[0], status);
	if (model->file_count) {
		fl_write_summary(stderr, &model->totals);
		least_covered(model);
	}
	if (races->looked && races->newest >= outcome->began)
		fl_write_race_summary(stderr, races, outcome->began, where_races_are(settings));
	fl_common_notes(model, 3);
	if (!settings->no_report)
		fprintf(stderr, "report: %s/index.html\n", settings->report);
}

/* What was run and when, for the pages. */
static struct fl_html_options page_options(const struct fl_settings *settings, char when[static 32])
{
	const char *command = "";
	for (size_t i = 0; i < settings->words.count; i++)
		command = fl_arena_format(
			settings->arena, "%s%s%s", command, i ? " " : "", settings->words.items[i]);
	time_t now = time(NULL);
	struct tm local;
	strftime(when, 32, "%Y-%m-%d %H:%M", localtime_r(&now, &local));
	return (struct fl_html_options){.form = settings->compact ? FL_HTML_COMPACT : FL_HTML_PAGES,
		.directory = settings->report,
		.title = settings->title,
		.command = command,
		.time = when};
}

/* What races make of the program's status 0, as the program would: the last exitcode=N of the options. */
static int race_status(void)
{
	static const char *const variables[] = {"FURLONG_OPTIONS", "TSAN_OPTIONS"};
	for (size_t i = 0; i < sizeof variables / sizeof *variables; i++) {
		const char *options = getenv(variables[i]), *last = NULL;
		for (const char *at = options; at && (at = strstr(at, "exitcode=")); at++)
			if (at == options || strchr(": ,\t\n", at[-1]))
				last = at;
		if (last)
			return atoi(last + strlen("exitcode=")) & 255;
	}
	return FL_EXIT_RACES;
}

/* The program's own status wins, unless it is 0 and we have something worse to say. */
static int judge(const struct fl_model *model, const struct outcome *outcome)
{
	int gates = fl_gates_print(model);
	if (outcome->status)
		return outcome->status;
	bool raced = fl_races_open_since(&model->races, outcome->began) > 0;
	return raced && outcome->race_status ? outcome->race_status : gates;
}

static int write_pages(const struct fl_settings *settings, const struct fl_words *inputs,
	const struct fl_model *model, struct fl_error *error)
{
	char when[32];
	struct fl_html_options options = page_options(settings, when);
	struct fl_tests *tests = fl_common_tests(settings, inputs, model);
	options.tests = tests;
	int result = fl_html_write(model, &options, error);
	if (tests)
		fl_tests_free(tests);
	return result;
}

static int collect(struct fl_settings *settings, const struct outcome *outcome, struct fl_error *error)
{
	struct fl_model *model;
	struct fl_words only = {.items = &settings->data, .count = 1};
	if (fl_common_load(settings, &only, &model, error))
		return outcome->status ? outcome->status : (int)error->code;
	int result = fl_gates_apply(settings, model, error);
	if (result)
		result = error->code;
	else if (!settings->no_report && write_pages(settings, &only, model, error))
		result = error->code;
	else if (!settings->quiet)
		summarise(settings, model, outcome);
	if (result) {
		fl_model_free(model);
		return outcome->status ? outcome->status : result;
	}
	fl_common_annotate(model);
	result = judge(model, outcome);
	fl_model_free(model);
	return result;
}

static uint64_t now(void)
{
	struct timespec time;
	clock_gettime(CLOCK_REALTIME, &time);
	return (uint64_t)time.tv_sec * 1000000000u + (uint64_t)time.tv_nsec;
}

/* Once, or --repeat times; every time is a run of its own. The first status that is not 0 is that of all. */
static int run_all(const struct fl_settings *settings)
{
	const struct fl_words *words = &settings->words;
	int first = 0;
	for (int64_t i = 1; i <= settings->repeat; i++) {
		tell_program("FURLONG_RUN", "run",
			fl_arena_format(settings->arena, "%016" PRIx64 ".%ld", now(), (long)getpid()),
			settings->arena);
		int status = fl_run_program((char *const *)words->items);
		bool missing = status == 127 || status == 126;
		if (status && settings->repeat > 1 && !settings->quiet)
			fprintf(stderr, "furlong: run %" PRId64 " of %" PRId64 " ended with status %d\n", i,
				settings->repeat, status);
		first = first ? first : status;
		if (missing)
			break;
	}
	return first;
}

int fl_cmd_run(struct fl_settings *settings, struct fl_error *error)
{
	struct fl_words *words = &settings->words;
	if (!words->count)
		return fl_error_set(error, FL_EXIT_USAGE, "run what? furlong run [OPTIONS] -- PROG ARGS..."),
		       FL_EXIT_USAGE;
	if (!settings->repeat)
		return fl_error_set(error, FL_EXIT_USAGE, "--repeat wants 1 or more"), FL_EXIT_USAGE;
	bool gated;
	struct outcome outcome = {.race_status = race_status()}; /* before we add to the options */
	if (fl_gates_check(settings, &gated, error) || prepare(settings, error) ||
		(settings->fresh && forget(settings, error)))
		return error->code;
	*FL_PUSH(words->items, words->count, words->capacity) = NULL;
	words->count--;
	uint64_t before = fl_load_grand_total(settings->data);
	outcome.began = now();
	int status = outcome.status = run_all(settings);
	if (status == 127 && !strchr(words->items[0], '/') && !fl_run_on_path(words->items[0]))
		return status; /* nothing was run: there is nothing to collect */
	int result = collect(settings, &outcome, error);
	if (*error->text || fl_load_grand_total(settings->data) != before)
		return result;
	fl_error_set(error, FL_EXIT_DATA,
		"this run recorded nothing, the data are of earlier runs; is %s built with the flag? "
		"`furlong "
		"doctor` tells",
		words->items[0]);
	return status ? status : FL_EXIT_DATA;
}
