/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * show.c: `furlong show FILE[:LINE[-LINE]]`: a source with its counts and its races, in the terminal.
 */
#include <ctype.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cmd/cmd.h"
#include "cmd/listing.h"
#include "cmd/pager.h"
#include "html/race_marks.h"
#include "util/memory.h"
#include "util/progress.h"
#include "write/write.h"

enum { CONTEXT = 5 };

/* A source on its way to the terminal. */
struct shown {
	struct listing listing;
	const struct fl_races *races;
	const struct fl_race_mark *marks; /* of this file, by line */
	size_t mark_count, mark;          /* `mark`: the first not yet passed */
	const struct fl_endings *endings;
	const struct fl_ending_mark *ends; /* likewise */
	size_t end_count, end;
	struct fl_arena *arena;
};

/* One line with what is around it, or two ends; zeros: the whole file. */
struct span {
	uint32_t first, last;
};

/* Below a line, one for each race that it is a side of: what the line does, and how to see the rest. */
static void show_races(struct shown *shown, uint32_t line)
{
	const struct listing *listing = &shown->listing;
	while (shown->mark < shown->mark_count && shown->marks[shown->mark].line < line)
		shown->mark++;
	for (; shown->mark < shown->mark_count && shown->marks[shown->mark].line == line; shown->mark++) {
		const struct fl_race_mark *mark = &shown->marks[shown->mark];
		const struct fl_race *race = &shown->races->races[mark->race];
		const struct fl_access *access = &race->accesses[mark->access];
		if (mark->access && shown->mark && mark[-1].race == mark->race && mark[-1].line == line)
			continue; /* both sides are here: named once */
		printf("%*s %s%s: %s%s; furlong races %.12s%s\n",
			listing->number_width + listing->count_width + 4, "",
			listing->color ? "\033[35m" : "", fl_race_title(race->kind),
			access->atomic ? "atomic " : "", access->title ? access->title : access->op,
			race->fingerprint, listing->color ? "\033[0m" : "");
	}
}

/* Likewise, for each ending that it was part of. */
static void show_endings(struct shown *shown, uint32_t line)
{
	const struct listing *listing = &shown->listing;
	while (shown->end < shown->end_count && shown->ends[shown->end].line < line)
		shown->end++;
	for (; shown->end < shown->end_count && shown->ends[shown->end].line == line; shown->end++)
		printf("%*s %s%s%s\n", listing->number_width + listing->count_width + 4, "",
			listing->color ? "\033[35m" : "",
			fl_ending_says(shown->endings, &shown->ends[shown->end], shown->arena),
			listing->color ? "\033[0m" : "");
}

static void show_line(struct shown *shown, uint32_t line)
{
	fl_listing_print(&shown->listing, line);
	show_endings(shown, line);
	show_races(shown, line);
}

static bool has_endings(const struct shown *shown, uint32_t line)
{
	for (size_t i = shown->end; i < shown->end_count; i++)
		if (shown->ends[i].line == line && shown->ends[i].role == FL_ENDED_HERE)
			return true;
	return false;
}

static bool has_races(const struct shown *shown, uint32_t line)
{
	size_t at = shown->mark;
	while (at < shown->mark_count && shown->marks[at].line < line)
		at++;
	return at < shown->mark_count && shown->marks[at].line == line;
}

/* The innermost function around the line. */
static void show_function(const struct fl_file *file, uint32_t line)
{
	const struct fl_function *inner = NULL;
	for (size_t i = 0; i < file->function_count; i++)
		if (file->functions[i].start.line <= line && line <= file->functions[i].end.line)
			inner = &file->functions[i];
	if (!inner)
		return;
	if (inner->count == 1)
		printf("in %s, entered once", inner->name);
	else
		printf("in %s, entered %" PRIu64 " times", inner->name, inner->count);
	if (inner->instances > 1)
		printf(", %u instances", inner->instances);
	putchar('\n');
}

static void show_one(struct shown *shown, uint32_t wanted, uint32_t last)
{
	struct listing *listing = &shown->listing;
	show_function(listing->file, wanted);
	for (uint32_t line = wanted > CONTEXT ? wanted - CONTEXT : 1;
		line <= last && line <= wanted + CONTEXT; line++) {
		show_line(shown, line);
		if (line != wanted)
			continue;
		fl_listing_branches(listing, line);
		fl_listing_decisions(listing, line);
	}
	if (!fl_file_line(listing->file, wanted) && listing->file->line_count)
		printf("line %u is not code\n", wanted);
}

/* Only what misses something, races or ended a process, and comments within; an empty line where code is left
 * out. */
static void show_uncovered(struct shown *shown, uint32_t last)
{
	struct listing *listing = &shown->listing;
	uint32_t next = 0; /* what is not printed yet and may go with the next one */
	bool broken = false;
	for (uint32_t line = 1; line <= last; line++) {
		if (fl_listing_is_missing(listing, line) || has_races(shown, line) ||
			has_endings(shown, line)) {
			if (next && (broken || line - next > CONTEXT))
				puts("");
			else
				for (; next && next < line; next++)
					show_line(shown, next);
			show_line(shown, line);
			next = line + 1;
			broken = false;
		} else if (fl_file_line(listing->file, line)) {
			broken = true;
		}
	}
}

static void show_lines(struct shown *shown, uint32_t first, uint32_t last)
{
	struct listing *listing = &shown->listing;
	for (uint32_t line = first; line <= last; line++)
		if (listing->source.line_count || fl_file_line(listing->file, line))
			show_line(shown, line);
}

static void show_heading(const struct shown *shown)
{
	const struct fl_file *file = shown->listing.file;
	uint32_t races = fl_race_marks_races(shown->marks, shown->mark_count);
	printf("%s: ", file->path);
	if (file->line_count || !races)
		fl_write_summary(stdout, &file->totals);
	if (races)
		printf(file->line_count ? "races: %u\n" : "races: %u, and no coverage\n", races);
}

static int show_source(struct shown *shown, const struct fl_settings *settings, const struct fl_file *file,
	struct span wanted, struct fl_error *error)
{
	struct listing *listing = &shown->listing;
	fl_listing_begin(listing, file, fl_color_wanted(STDOUT_FILENO));
	uint32_t last = (uint32_t)listing->source.line_count;
	if (file->line_count && file->lines[file->line_count - 1].line > last)
		last = file->lines[file->line_count - 1].line;
	if (wanted.first > last) {
		fl_error_set(error, FL_EXIT_USAGE, "%s has %u lines", file->path, last);
		fl_listing_end(listing);
		return FL_EXIT_USAGE;
	}
	if (!listing->source.line_count)
		fprintf(stderr, "note: cannot read %s; --path-map FROM=TO tells where sources are\n",
			file->disk_path);
	if (file->source == FL_SOURCE_CHANGED)
		fprintf(stderr,
			"note: %s: changed since it was compiled: counts may stand beside the wrong lines\n",
			file->path);
	fl_pager_begin();
	show_heading(shown);
	if (wanted.last)
		show_lines(shown, wanted.first, wanted.last < last ? wanted.last : last);
	else if (wanted.first)
		show_one(shown, wanted.first, last);
	else if (settings->uncovered)
		show_uncovered(shown, last);
	else
		show_lines(shown, 1, last);
	fl_pager_end();
	fl_listing_end(listing);
	return 0;
}

static int show_in(const struct fl_settings *settings, const struct fl_model *model,
	const struct fl_file *file, struct span wanted, struct fl_error *error)
{
	struct fl_race_marks marks;
	struct fl_ending_marks ends;
	struct shown shown = {.races = &model->races, .endings = &model->endings, .arena = settings->arena};
	fl_race_marks_build(&marks, &model->races);
	shown.marks = fl_race_marks_of(&marks, file->path, &shown.mark_count);
	fl_ending_marks_build(&ends, &model->endings);
	shown.ends = fl_ending_marks_of(&ends, file->path, &shown.end_count);
	int result = show_source(&shown, settings, file, wanted, error);
	fl_race_marks_free(&marks);
	fl_ending_marks_free(&ends);
	return result;
}

/* Moves behind the number. */
static uint32_t read_line(char **at)
{
	unsigned long line = isdigit((unsigned char)**at) ? strtoul(*at, at, 10) : 0;
	return line > UINT32_MAX / 2 ? UINT32_MAX / 2 : (uint32_t)line;
}

/* Splits `FILE:LINE` and `FILE:LINE-LINE`; zeros when there is no such end. */
static struct span split_lines(char *name)
{
	char *colon = strrchr(name, ':'), *at = colon ? colon + 1 : NULL;
	struct span span = {0, 0};
	if (!colon || !(span.first = read_line(&at)))
		return span;
	if (*at == '-' && at++)
		span.last = read_line(&at);
	if (*at || at[-1] == '-')
		return (struct span){0, 0};
	*colon = '\0';
	if (span.last && span.last < span.first)
		return (struct span){span.last, span.first};
	return span;
}

int fl_cmd_show(struct fl_settings *settings, struct fl_error *error)
{
	struct fl_words *words = &settings->words;
	if (!words->count)
		return fl_error_set(error, FL_EXIT_USAGE,
			       "show what? FILE[:LINE[-LINE]], files, functions or races"),
		       FL_EXIT_USAGE;
	char *name = fl_arena_format(settings->arena, "%s", words->items[0]);
	words->items++;
	words->count--;
	int result = 0;
	if (!strcmp(name, "races")) {
		result = fl_cmd_races(settings, error);
	} else if (!strcmp(name, "files") || !strcmp(name, "functions")) {
		result = strcmp(name, "files") ? fl_cmd_functions(settings, error)
					       : fl_cmd_files(settings, error);
	} else if (settings->as_json) {
		fl_error_set(error, FL_EXIT_USAGE,
			"--json goes with `show files`, `show functions` and `show races`; for all facts of "
			"a "
			"file: furlong report --json - --include %s",
			name);
		result = FL_EXIT_USAGE;
	} else {
		struct fl_model *model;
		struct span wanted = split_lines(name);
		const struct fl_file *file = NULL;
		if (!fl_common_load(settings, words, &model, error))
			file = fl_common_find_file(model, name, error);
		result = file ? show_in(settings, model, file, wanted, error) : (int)error->code;
		fl_model_free(model);
	}
	words->items--;
	return result;
}
