/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * show.c: `furlong show FILE[:LINE]`: a source with its counts, in the terminal.
 */
#include <ctype.h>
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cmd/cmd.h"
#include "util/files.h"
#include "util/memory.h"
#include "util/progress.h"
#include "write/write.h"

enum { CONTEXT = 5 };

static void show_branches(const struct fl_file *file, uint32_t line)
{
	for (size_t i = 0; i < file->branch_count; i++) {
		const struct fl_branch *branch = &file->branches[i];
		if (branch->start.line != line)
			continue;
		printf("%21s branch at column %u:", "", branch->start.column);
		for (int outcome = 1; outcome >= 0; outcome--) {
			printf(outcome ? " true " : ", false ");
			if (branch->folded[outcome])
				printf("never (constant)");
			else
				printf("%" PRIu64, branch->taken[outcome]);
		}
		puts(branch->excluded ? " (excluded)" : "");
	}
}

static void show_line(
	const struct fl_file *file, uint32_t number, const char *text, size_t length, bool color)
{
	const struct fl_line *line = fl_file_line(file, number);
	bool missed = line && !line->count && !line->excluded;
	bool partial = line && line->count && !line->excluded && line->branches_hit < line->branches;
	char count[32] = "";
	if (line && line->excluded)
		snprintf(count, sizeof count, "excluded");
	else if (line)
		snprintf(count, sizeof count, "%" PRIu64, line->count);
	const char *mark = missed ? "-" : partial ? "~" : line && !line->excluded ? "+" : " ";
	const char *on = !color    ? ""
			 : missed  ? "\033[31m"
			 : partial ? "\033[33m"
				   : "",
		   *off = *on ? "\033[0m" : "";
	printf("%s%7u %12s %s %.*s%s\n", on, number, count, mark, (int)length, text, off);
}

/* Without the source there are still its counts. */
static int show_bare(const struct fl_file *file, uint32_t wanted)
{
	for (size_t i = 0; i < file->line_count; i++)
		if (!wanted || file->lines[i].line == wanted)
			show_line(file, file->lines[i].line, "", 0, false);
	if (wanted)
		show_branches(file, wanted);
	return 0;
}

static bool worth_showing(
	const struct fl_settings *settings, const struct fl_file *file, uint32_t number, uint32_t wanted)
{
	if (wanted)
		return number + CONTEXT >= wanted && number <= wanted + CONTEXT;
	const struct fl_line *line = fl_file_line(file, number);
	return !settings->uncovered ||
	       (line && !line->excluded && (!line->count || line->branches_hit < line->branches));
}

static void show_source(const struct fl_settings *settings, const struct fl_file *file, uint32_t wanted)
{
	struct fl_bytes bytes;
	if (fl_bytes_map(file->disk_path, &bytes)) {
		fprintf(stderr, "note: cannot read %s: %s; --path-map FROM=TO tells where sources are\n",
			file->disk_path, strerror(errno));
		show_bare(file, wanted);
		return;
	}
	bool color = fl_color_wanted(STDOUT_FILENO);
	const char *at = (const char *)bytes.data, *end = at + bytes.size;
	for (uint32_t number = 1; at < end; number++) {
		const char *newline = memchr(at, '\n', (size_t)(end - at));
		size_t length = (size_t)((newline ? newline : end) - at);
		if (worth_showing(settings, file, number, wanted)) {
			show_line(file, number, at, length, color && (!wanted || number == wanted));
			if (number == wanted || (!wanted && settings->uncovered))
				show_branches(file, number);
		}
		at += length + 1;
	}
	fl_bytes_unmap(&bytes);
}

static void show_function(const struct fl_file *file, uint32_t line)
{
	const struct fl_function *inner = NULL;
	for (size_t i = 0; i < file->function_count; i++)
		if (file->functions[i].start.line <= line && line <= file->functions[i].end.line)
			inner = &file->functions[i];
	if (!inner)
		return;
	printf("in %s, entered %" PRIu64 " times", inner->name, inner->count);
	if (inner->instances > 1)
		printf(", %u instances", inner->instances);
	putchar('\n');
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
		return fl_error_set(error, FL_EXIT_USAGE, "show what? FILE[:LINE], files or functions"),
		       FL_EXIT_USAGE;
	char *name = fl_arena_format(settings->arena, "%s", words->items[0]);
	words->items++;
	words->count--;
	int result = 0;
	if (!strcmp(name, "files") || !strcmp(name, "functions")) {
		result = strcmp(name, "files") ? fl_cmd_functions(settings, error)
					       : fl_cmd_files(settings, error);
	} else if (settings->as_json) {
		fl_error_set(error, FL_EXIT_USAGE,
			"--json goes with `show files` and `show functions`; for all facts of a "
			"file: furlong report --json - --include %s",
			name);
		result = FL_EXIT_USAGE;
	} else {
		struct fl_model *model;
		uint32_t line = split_line(name);
		const struct fl_file *file = NULL;
		if (!fl_common_load(settings, words, &model, error))
			file = fl_common_find_file(model, name, error);
		if (!file) {
			result = error->code;
		} else {
			printf("%s: ", file->path);
			fl_write_summary(stdout, &file->totals);
			show_source(settings, file, line);
			if (line)
				show_function(file, line);
		}
		fl_model_free(model);
	}
	words->items--;
	return result;
}
