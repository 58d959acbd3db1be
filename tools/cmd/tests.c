/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * tests.c: `furlong tests`: which test runs what, which of them are needed, and which a change concerns.
 */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cmd/cmd.h"
#include "cmd/pager.h"
#include "model/diff.h"
#include "model/tests.h"
#include "read/git.h"
#include "read/tests.h"
#include "util/memory.h"
#include "write/json_out.h"

/* Names are the user's; they may hold anything. */
static void put_name(const char *name)
{
	for (; *name; name++)
		putchar((unsigned char)*name < 0x20 || *name == 0x7f ? '?' : *name);
	putchar('\n');
}

static size_t line_total(const struct fl_tests *tests)
{
	return tests->first[tests->model->file_count];
}

/* ---- all of them --------------------------------------------------------------------------------------- */

static void print_all(const struct fl_tests *tests)
{
	size_t needless = 0, unnamed = 0;
	fl_pager_begin();
	puts("  lines   alone  test");
	for (size_t i = 0; i < tests->test_count; i++) {
		const struct fl_test *test = &tests->tests[i];
		printf("%7zu %7zu  ", test->lines, test->alone);
		put_name(test->name);
		needless += !test->alone;
	}
	for (size_t f = 0; f < tests->model->file_count; f++)
		for (size_t i = 0; i < tests->model->files[f].line_count; i++) {
			const struct fl_line *line = &tests->model->files[f].lines[i];
			unnamed += !line->excluded && line->count && !tests->by[tests->first[f] + i];
		}
	printf("tests: %zu, of which %zu run no line alone; `furlong tests --smallest` tells which would "
	       "do\n",
		tests->test_count, needless);
	if (unnamed)
		printf("lines that ran outside of any test: %zu\n", unnamed);
	fl_pager_end();
}

static void json_all(const struct fl_tests *tests)
{
	struct json_out json = {.stream = stdout};
	json_open(&json, NULL, '[');
	for (size_t i = 0; i < tests->test_count; i++) {
		json_newline(&json);
		json_open(&json, NULL, '{');
		json_text(&json, "name", tests->tests[i].name);
		json_number(&json, "lines", tests->tests[i].lines);
		json_number(&json, "alone", tests->tests[i].alone);
		json_close(&json, '}');
	}
	json_close(&json, ']');
	putchar('\n');
}

static void print_smallest(const struct fl_tests *tests, bool as_json)
{
	size_t *order = fl_resize(NULL, tests->test_count + 1, sizeof *order);
	size_t *added = fl_resize(NULL, tests->test_count + 1, sizeof *added);
	size_t count = fl_tests_smallest(tests, order, added), sum = 0;
	struct json_out json = {.stream = stdout};
	if (as_json)
		json_open(&json, NULL, '[');
	for (size_t i = 0; i < count; i++) {
		sum += added[i];
		if (as_json) {
			json_open(&json, NULL, '{');
			json_text(&json, "name", tests->tests[order[i]].name);
			json_number(&json, "adds", added[i]);
			json_close(&json, '}');
		} else {
			printf("%7zu %7zu  ", added[i], sum);
			put_name(tests->tests[order[i]].name);
		}
	}
	if (as_json) {
		json_close(&json, ']');
		putchar('\n');
	} else {
		fprintf(stderr, "%zu of %zu tests run all %zu lines; columns: lines it adds, lines so far\n",
			count, tests->test_count, sum);
	}
	free(order);
	free(added);
}

/* ---- some of them -------------------------------------------------------------------------------------- */

static size_t print_marked(const struct fl_tests *tests, const bool *marked, bool as_json)
{
	struct json_out json = {.stream = stdout};
	size_t count = 0;
	if (as_json)
		json_open(&json, NULL, '[');
	for (size_t i = 0; i < tests->test_count; i++) {
		if (!fl_tests_runs_any(tests, &tests->tests[i], marked))
			continue;
		count++;
		if (as_json)
			json_text(&json, NULL, tests->tests[i].name);
		else
			put_name(tests->tests[i].name);
	}
	if (as_json) {
		json_close(&json, ']');
		putchar('\n');
	}
	return count;
}

static int print_for(const struct fl_settings *settings, const struct fl_tests *tests, struct fl_error *error)
{
	const char *colon = strrchr(settings->for_line, ':');
	char *end = NULL;
	unsigned long line = colon ? strtoul(colon + 1, &end, 10) : 0;
	if (!line || *end)
		return fl_error_set(
			error, FL_EXIT_USAGE, "--for wants FILE:LINE, not '%s'", settings->for_line);
	const char *name =
		fl_arena_bytes(settings->arena, settings->for_line, (size_t)(colon - settings->for_line));
	const struct fl_file *file = fl_common_find_file(tests->model, name, error);
	if (!file)
		return -1;
	size_t index = (size_t)(file - tests->model->files);
	uint32_t number =
		index < tests->model->file_count ? fl_tests_line(tests, index, (uint32_t)line) : UINT32_MAX;
	if (number == UINT32_MAX)
		return fl_error_set(error, FL_EXIT_USAGE,
			"%s:%lu is no line of code; `furlong show %s` tells", name, line, name);
	bool *marked = fl_alloc(line_total(tests) + 1);
	marked[number] = true;
	if (!print_marked(tests, marked, settings->as_json))
		fprintf(stderr, "note: no test with a name ran %s:%lu; it ran %" PRIu64 " times\n", name,
			line, file->lines[number - tests->first[index]].count);
	free(marked);
	return 0;
}

/* What a change concerns. A change within a function concerns who runs that function. One outside of
 * functions may concern everybody: a type, a macro, a variable. */
struct concern {
	const struct fl_tests *tests;
	bool *marked;
	const char *all_because; /* the first place that concerns everybody; NULL: there is none */
	struct fl_arena *arena;
};

static void mark_function(struct concern *concern, size_t index, const struct fl_function *function)
{
	const struct fl_file *file = &concern->tests->model->files[index];
	for (size_t i = 0; i < file->line_count; i++)
		if (file->lines[i].line >= function->start.line && file->lines[i].line <= function->end.line)
			concern->marked[concern->tests->first[index] + i] = true;
}

/* Lines first to last of the text that the data are of; an insertion is between two lines. */
static void mark_lines(struct concern *concern, size_t index, uint32_t first, uint32_t last)
{
	const struct fl_file *file = &concern->tests->model->files[index];
	uint32_t within = 0; /* the first line that is in no function so far */
	for (size_t i = 0; i < file->function_count; i++) {
		const struct fl_function *function = &file->functions[i];
		if (function->start.line > last || function->end.line < first)
			continue;
		mark_function(concern, index, function);
		within |= function->start.line <= first && function->end.line >= last;
	}
	if (!within && !concern->all_because)
		concern->all_because = fl_arena_format(concern->arena, "%s:%u", file->path, first);
}

/* Data of the text as it is now, or as it was at the base: the model knows which. */
static void mark_file(struct concern *concern, size_t index, const struct fl_patch_file *patch)
{
	const struct fl_file *file = &concern->tests->model->files[index];
	bool is_new = file->source == FL_SOURCE_FOUND;
	for (size_t i = 0; i < patch->hunk_count; i++) {
		const struct fl_hunk *hunk = &patch->hunks[i];
		uint32_t first = is_new ? hunk->new_first : hunk->old_first;
		uint32_t count = is_new ? hunk->new_count : hunk->old_count;
		mark_lines(concern, index, first ? first : 1, count ? first + count - 1 : first + 1);
	}
}

static size_t find_file(const struct fl_model *model, const struct fl_patch *patch, const char *path)
{
	for (size_t i = 0; path && i < model->file_count; i++) {
		const char *below = fl_text_below(model->files[i].disk_path, patch->top);
		if (below && !strcmp(below, path))
			return i;
	}
	return SIZE_MAX;
}

static int print_affected(
	const struct fl_settings *settings, const struct fl_tests *tests, struct fl_error *error)
{
	struct fl_patch patch;
	const struct fl_model *model = tests->model;
	const char *directory = access(model->root, F_OK) || !strcmp(model->root, "/") ? "." : model->root;
	if (fl_git_patch(directory, settings->affected_by, &patch, settings->arena, error))
		return -1;
	struct concern concern = {tests, fl_alloc(line_total(tests) + 1), NULL, settings->arena};
	for (size_t i = 0; i < patch.file_count; i++) {
		size_t index = find_file(model, &patch, patch.files[i].path);
		if (index == SIZE_MAX)
			index = find_file(model, &patch, patch.files[i].old_path);
		if (index != SIZE_MAX)
			mark_file(&concern, index, &patch.files[i]);
	}
	if (concern.all_because) {
		memset(concern.marked, true, line_total(tests));
		fprintf(stderr, "note: %s changed outside of any function, which may concern every test\n",
			concern.all_because);
	}
	size_t count = print_marked(tests, concern.marked, settings->as_json);
	fprintf(stderr, "%zu of %zu tests run what changed since %s\n", count, tests->test_count,
		settings->affected_by);
	free(concern.marked);
	return 0;
}

static int print(const struct fl_settings *settings, const struct fl_tests *tests, struct fl_error *error)
{
	if (settings->for_line)
		return print_for(settings, tests, error);
	if (settings->affected_by)
		return print_affected(settings, tests, error);
	if (settings->smallest)
		print_smallest(tests, settings->as_json);
	else if (settings->as_json)
		json_all(tests);
	else
		print_all(tests);
	return 0;
}

int fl_cmd_tests(struct fl_settings *settings, struct fl_error *error)
{
	struct fl_words only = {.items = (const char *[]){settings->data}, .count = 1};
	const struct fl_words *inputs = settings->words.count ? &settings->words : &only;
	struct fl_model *model;
	struct fl_tests *tests;
	size_t damaged;
	if ((settings->for_line != NULL) + (settings->affected_by != NULL) + settings->smallest > 1)
		return fl_error_set(
			       error, FL_EXIT_USAGE, "--for, --affected-by and --smallest: one at a time"),
		       FL_EXIT_USAGE;
	if (fl_common_load(settings, &settings->words, &model, error))
		return error->code;
	int result = fl_tests_load(inputs, &settings->filter, model, &tests, &damaged, error);
	if (!result) {
		if (damaged)
			fprintf(stderr, "note: %zu records of tests could not be read and are left out\n",
				damaged);
		result = print(settings, tests, error);
		fl_tests_free(tests);
	}
	fl_model_free(model);
	return result ? (int)error->code : 0;
}
