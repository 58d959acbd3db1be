/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * show.c: `furlong show FILE[:LINE]`: a source with its counts, in the terminal.
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
#include "util/memory.h"
#include "util/progress.h"
#include "write/write.h"

enum { CONTEXT = 5 };

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

static void show_one(struct listing *listing, uint32_t wanted, uint32_t last)
{
	show_function(listing->file, wanted);
	for (uint32_t line = wanted > CONTEXT ? wanted - CONTEXT : 1;
		line <= last && line <= wanted + CONTEXT; line++) {
		fl_listing_print(listing, line);
		if (line == wanted)
			fl_listing_branches(listing, line);
	}
	if (!fl_file_line(listing->file, wanted))
		printf("line %u is not code\n", wanted);
}

/* Only what misses something, and comments within; an empty line where code is left out. */
static void show_uncovered(struct listing *listing, uint32_t last)
{
	uint32_t next = 0; /* what is not printed yet and may go with the next one */
	bool broken = false;
	for (uint32_t line = 1; line <= last; line++) {
		if (fl_listing_is_missing(listing, line)) {
			if (next && (broken || line - next > CONTEXT))
				puts("");
			else
				for (; next && next < line; next++)
					fl_listing_print(listing, next);
			fl_listing_print(listing, line);
			next = line + 1;
			broken = false;
		} else if (fl_file_line(listing->file, line)) {
			broken = true;
		}
	}
}

static void show_all(struct listing *listing, uint32_t last)
{
	for (uint32_t line = 1; line <= last; line++)
		if (listing->source.line_count || fl_file_line(listing->file, line))
			fl_listing_print(listing, line);
}

static int show_source(const struct fl_settings *settings, const struct fl_file *file, uint32_t wanted,
	struct fl_error *error)
{
	struct listing listing;
	fl_listing_begin(&listing, file, fl_color_wanted(STDOUT_FILENO));
	uint32_t last = (uint32_t)listing.source.line_count;
	if (file->line_count && file->lines[file->line_count - 1].line > last)
		last = file->lines[file->line_count - 1].line;
	if (wanted > last) {
		fl_error_set(error, FL_EXIT_USAGE, "%s has %u lines", file->path, last);
		fl_listing_end(&listing);
		return FL_EXIT_USAGE;
	}
	if (!listing.source.line_count)
		fprintf(stderr, "note: cannot read %s; --path-map FROM=TO tells where sources are\n",
			file->disk_path);
	if (file->source == FL_SOURCE_CHANGED)
		fprintf(stderr,
			"note: %s: changed since it was compiled: counts may stand beside the wrong lines\n",
			file->path);
	fl_pager_begin();
	printf("%s: ", file->path);
	fl_write_summary(stdout, &file->totals);
	if (wanted)
		show_one(&listing, wanted, last);
	else if (settings->uncovered)
		show_uncovered(&listing, last);
	else
		show_all(&listing, last);
	fl_pager_end();
	fl_listing_end(&listing);
	return 0;
}

/* Splits `FILE:LINE`; 0 when there is no line. */
static uint32_t split_line(char *name)
{
	char *colon = strrchr(name, ':');
	if (!colon || !isdigit((unsigned char)colon[1]) || colon[1 + strspn(colon + 1, "0123456789")])
		return 0;
	*colon = '\0';
	unsigned long line = strtoul(colon + 1, NULL, 10);
	return line > UINT32_MAX / 2 ? UINT32_MAX / 2 : (uint32_t)line;
}

int fl_cmd_show(struct fl_settings *settings, struct fl_error *error)
{
	struct fl_words *words = &settings->words;
	if (!words->count)
		return fl_error_set(
			       error, FL_EXIT_USAGE, "show what? FILE[:LINE], files, functions or races"),
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
		uint32_t line = split_line(name);
		const struct fl_file *file = NULL;
		if (!fl_common_load(settings, words, &model, error))
			file = fl_common_find_file(model, name, error);
		result = file ? show_source(settings, file, line, error) : (int)error->code;
		fl_model_free(model);
	}
	words->items--;
	return result;
}
