/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * list.c: `furlong files` and `furlong functions`.
 */
#include <inttypes.h>
#include <stdio.h>

#include "cmd/cmd.h"
#include "write/json_out.h"
#include "write/write.h"

static void json_ratio(struct json_out *json, const char *key, struct fl_ratio ratio)
{
	json_open(json, key, '{');
	json_number(json, "found", ratio.found);
	json_number(json, "hit", ratio.hit);
	json_close(json, '}');
}

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

static void files_as_text(const struct fl_settings *settings, const struct fl_model *model)
{
	puts("  lines  missed branches  functions  file");
	for (size_t i = 0; i < model->file_count; i++) {
		const struct fl_totals *totals = &model->files[i].totals;
		char lines[16], branches[16], functions[16];
		uint64_t missed = totals->lines.found - totals->lines.hit;
		if (settings->uncovered && !missed)
			continue;
		printf("%7s %7" PRIu64 "  %7s    %7s  %s\n", fl_write_percent(totals->lines, lines), missed,
			fl_write_percent(totals->branches, branches),
			fl_write_percent(totals->functions, functions), model->files[i].path);
	}
	fl_write_summary(stdout, &model->totals);
}

int fl_cmd_files(struct fl_settings *settings, struct fl_error *error)
{
	struct fl_model *model;
	if (fl_common_load(settings, &settings->words, &model, error))
		return error->code;
	if (settings->as_json)
		files_as_json(settings, model);
	else
		files_as_text(settings, model);
	fl_model_free(model);
	return 0;
}

static void list_function(
	struct json_out *json, const struct fl_file *file, const struct fl_function *function)
{
	if (!json) {
		printf("%12" PRIu64 "  %s  %s:%u\n", function->count, function->name, file->path,
			function->start.line);
		return;
	}
	json_newline(json);
	json_open(json, NULL, '{');
	json_text(json, "name", function->name);
	json_text(json, "path", file->path);
	json_number(json, "line", function->start.line);
	json_number(json, "count", function->count);
	json_close(json, '}');
}

int fl_cmd_functions(struct fl_settings *settings, struct fl_error *error)
{
	struct fl_model *model;
	if (fl_common_load(settings, &settings->words, &model, error))
		return error->code;
	struct json_out out = {.stream = stdout}, *json = settings->as_json ? &out : NULL;
	if (json)
		json_open(json, NULL, '[');
	for (size_t i = 0; i < model->file_count; i++) {
		const struct fl_file *file = &model->files[i];
		for (size_t j = 0; j < file->function_count; j++)
			if (!file->functions[j].excluded &&
				!(settings->uncovered && file->functions[j].count))
				list_function(json, file, &file->functions[j]);
	}
	if (json) {
		json_close(json, ']');
		putchar('\n');
	}
	fl_model_free(model);
	return 0;
}
