/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * list.c: `furlong files` and `furlong functions`.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cmd/cmd.h"
#include "cmd/pager.h"
#include "util/memory.h"
#include "util/progress.h"
#include "write/json_out.h"
#include "write/write.h"

static void json_ratio(struct json_out *json, const char *key, struct fl_ratio ratio)
{
	json_open(json, key, '{');
	json_number(json, "found", ratio.found);
	json_number(json, "hit", ratio.hit);
	json_close(json, '}');
}

/* ---- orders ----------------------------------------------------------------------------------------------
 */

static uint64_t missed_of(const struct fl_file *file)
{
	return file->totals.lines.found - file->totals.lines.hit;
}

static int by_missed(const void *left, const void *right)
{
	const struct fl_file *a = *(const struct fl_file *const *)left,
			     *b = *(const struct fl_file *const *)right;
	if (missed_of(a) != missed_of(b))
		return missed_of(a) > missed_of(b) ? -1 : 1;
	return strcmp(a->path, b->path);
}

static int by_percent(const void *left, const void *right)
{
	const struct fl_file *a = *(const struct fl_file *const *)left,
			     *b = *(const struct fl_file *const *)right;
	double one = fl_ratio_percent(a->totals.lines), other = fl_ratio_percent(b->totals.lines);
	if (one < other || one > other)
		return one < other ? -1 : 1;
	return by_missed(left, right);
}

static bool is_order(const struct fl_settings *settings, const char *name)
{
	return settings->sort && !strcmp(settings->sort, name);
}

/* To be freed. */
static const struct fl_file **sorted_files(const struct fl_settings *settings, const struct fl_model *model)
{
	const struct fl_file **files = fl_resize(NULL, model->file_count + 1, sizeof *files);
	for (size_t i = 0; i < model->file_count; i++)
		files[i] = &model->files[i];
	if (model->file_count && is_order(settings, "missed"))
		qsort(files, model->file_count, sizeof *files, by_missed);
	else if (model->file_count && is_order(settings, "percent"))
		qsort(files, model->file_count, sizeof *files, by_percent);
	return files;
}

static int check_order(const struct fl_settings *settings, const char *const *orders, struct fl_error *error)
{
	for (size_t i = 0; settings->sort && orders[i]; i++)
		if (!strcmp(settings->sort, orders[i]))
			return 0;
	if (!settings->sort)
		return 0;
	return fl_error_set(error, FL_EXIT_USAGE,
		"--sort does not know '%s'; `furlong help files` lists what it knows", settings->sort);
}

/* ---- files -----------------------------------------------------------------------------------------------
 */

static void files_as_json(const struct fl_settings *settings, const struct fl_model *model)
{
	struct json_out json = {.stream = stdout};
	json_open(&json, NULL, '[');
	for (size_t i = 0; i < model->file_count; i++) {
		const struct fl_totals *totals = &model->files[i].totals;
		if (settings->uncovered && totals->lines.hit == totals->lines.found)
			continue;
		json_newline(&json);
		json_open(&json, NULL, '{');
		json_text(&json, "path", model->files[i].path);
		json_ratio(&json, "lines", totals->lines);
		json_ratio(&json, "branches", totals->branches);
		json_ratio(&json, "functions", totals->functions);
		json_close(&json, '}');
	}
	json_close(&json, ']');
	putchar('\n');
}

/* A percentage and its colour; the number says it, too. */
static void print_percent(struct fl_ratio ratio, int width, bool color)
{
	char text[16];
	const char *on = !ratio.found                  ? "\033[2m"
			 : ratio.hit == ratio.found    ? "\033[32m"
			 : 2 * ratio.hit < ratio.found ? "\033[31m"
						       : "\033[33m";
	printf("%s%*s%s", color ? on : "", width, fl_write_percent(ratio, text), color ? "\033[0m" : "");
}

static void print_bar(struct fl_ratio ratio)
{
	unsigned full = ratio.found ? (unsigned)(10 * ratio.hit / ratio.found) : 0;
	fputs("  \033[32m", stdout);
	for (unsigned i = 0; i < full; i++)
		fputs("\u2501", stdout);
	fputs("\033[2;31m", stdout);
	for (unsigned i = full; i < 10; i++)
		fputs("\u2501", stdout);
	fputs("\033[0m", stdout);
}

static void files_as_text(const struct fl_settings *settings, const struct fl_model *model)
{
	bool color = fl_color_wanted(STDOUT_FILENO);
	const struct fl_file **files = sorted_files(settings, model);
	fl_pager_begin();
	printf("  lines  missed branches  functions%s  file\n", color ? "            " : "");
	for (size_t i = 0; i < model->file_count; i++) {
		const struct fl_totals *totals = &files[i]->totals;
		uint64_t missed = totals->lines.found - totals->lines.hit;
		if (settings->uncovered && !missed)
			continue;
		print_percent(totals->lines, 7, color);
		printf(" %7" PRIu64 "  ", missed);
		print_percent(totals->branches, 7, color);
		fputs("    ", stdout);
		print_percent(totals->functions, 7, color);
		if (color)
			print_bar(totals->lines);
		printf("  %s\n", files[i]->path);
	}
	fl_write_summary(stdout, &model->totals);
	fl_pager_end();
	free(files);
}

int fl_cmd_files(struct fl_settings *settings, struct fl_error *error)
{
	static const char *const orders[] = {"name", "percent", "missed", NULL};
	struct fl_model *model;
	if (check_order(settings, orders, error) || fl_common_load(settings, &settings->words, &model, error))
		return error->code;
	if (settings->as_json)
		files_as_json(settings, model);
	else
		files_as_text(settings, model);
	fl_model_free(model);
	return 0;
}

/* ---- functions -------------------------------------------------------------------------------------------
 */

struct listed {
	const struct fl_file *file;
	const struct fl_function *function;
};

static int by_count(const void *left, const void *right)
{
	const struct listed *a = left, *b = right;
	if (a->function->count != b->function->count)
		return a->function->count > b->function->count ? -1 : 1;
	return a->function < b->function ? -1 : a->function > b->function;
}

/* To be freed. */
static struct listed *find_functions(
	const struct fl_settings *settings, const struct fl_model *model, size_t *count)
{
	struct listed *listed = NULL;
	size_t capacity = 0;
	*count = 0;
	for (size_t i = 0; i < model->file_count; i++)
		for (size_t j = 0; j < model->files[i].function_count; j++) {
			const struct fl_function *function = &model->files[i].functions[j];
			if (!function->excluded && !(settings->uncovered && function->count))
				*FL_PUSH(listed, *count, capacity) =
					(struct listed){&model->files[i], function};
		}
	if (*count && is_order(settings, "count"))
		qsort(listed, *count, sizeof *listed, by_count);
	return listed;
}

static void functions_as_json(const struct listed *listed, size_t count)
{
	struct json_out json = {.stream = stdout};
	json_open(&json, NULL, '[');
	for (size_t i = 0; i < count; i++) {
		json_newline(&json);
		json_open(&json, NULL, '{');
		json_text(&json, "name", listed[i].function->name);
		json_text(&json, "path", listed[i].file->path);
		json_number(&json, "line", listed[i].function->start.line);
		json_number(&json, "count", listed[i].function->count);
		json_close(&json, '}');
	}
	json_close(&json, ']');
	putchar('\n');
}

static void functions_as_text(const struct listed *listed, size_t count)
{
	bool color = fl_color_wanted(STDOUT_FILENO);
	fl_pager_begin();
	for (size_t i = 0; i < count; i++) {
		const struct fl_function *function = listed[i].function;
		const char *on = !color ? "" : function->count ? "" : "\033[31m", *off = *on ? "\033[0m" : "";
		printf("%s%12" PRIu64 "  %s%s  %s%s:%u%s\n", on, function->count, function->name, off,
			color ? "\033[2m" : "", listed[i].file->path, function->start.line,
			color ? "\033[0m" : "");
	}
	fl_pager_end();
}

int fl_cmd_functions(struct fl_settings *settings, struct fl_error *error)
{
	static const char *const orders[] = {"name", "count", NULL};
	struct fl_model *model;
	size_t count;
	if (check_order(settings, orders, error) || fl_common_load(settings, &settings->words, &model, error))
		return error->code;
	struct listed *listed = find_functions(settings, model, &count);
	if (settings->as_json)
		functions_as_json(listed, count);
	else
		functions_as_text(listed, count);
	free(listed);
	fl_model_free(model);
	return 0;
}
