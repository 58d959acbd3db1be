/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * common.c: what several verbs do alike.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cmd/cmd.h"
#include "read/load.h"
#include "read/tests.h"
#include "write/write.h"

int fl_common_load(const struct fl_settings *settings, const struct fl_words *inputs, struct fl_model **model,
	struct fl_error *error)
{
	struct fl_words only = {.items = (const char *[]){settings->data}, .count = 1};
	if (!inputs->count && access(settings->data, F_OK))
		return fl_error_set(error, FL_EXIT_DATA,
			"no data: there is no %s; build with the flag that `furlong flags` prints, then "
			"`furlong run` "
			"the program, or name the data",
			settings->data);
	if (fl_load(inputs->count ? inputs : &only, &settings->filter, model, error))
		return -1;
	int result = fl_compare(settings, *model, error);
	if (result) {
		fl_model_free(*model);
		*model = NULL;
	}
	return result;
}

struct fl_tests *fl_common_tests(
	const struct fl_settings *settings, const struct fl_words *inputs, const struct fl_model *model)
{
	struct fl_words only = {.items = (const char *[]){settings->data}, .count = 1};
	struct fl_tests *tests = NULL;
	struct fl_error none;
	size_t damaged;
	if (fl_tests_load(inputs->count ? inputs : &only, &settings->filter, model, &tests, &damaged, &none))
		return NULL;
	return tests;
}

void fl_common_summary(const struct fl_model *model)
{
	if (model->file_count)
		fl_write_summary(stderr, &model->totals);
	if (model->diff && model->file_count)
		fl_write_diff_summary(stderr, model);
	if (model->races.looked)
		fl_write_race_summary(stderr, &model->races, 0, NULL);
}

void fl_common_annotate(const struct fl_model *model)
{
	const char *runner = getenv("GITHUB_ACTIONS"), *summary = getenv("GITHUB_STEP_SUMMARY");
	struct fl_error error;
	if (!runner || strcmp(runner, "true"))
		return;
	fl_write_github(stderr, model);
	if (summary && *summary && fl_write_markdown(model, summary, FL_WRITE_APPEND, &error))
		fprintf(stderr, "furlong: %s\n", error.text);
}

void fl_common_notes(const struct fl_model *model, size_t limit)
{
	for (size_t i = 0; i < model->note_count && i < limit; i++)
		fprintf(stderr, "note: %s\n", model->notes[i].text);
	if (model->note_count > limit)
		fprintf(stderr, "note: and %zu more; see the report\n", model->note_count - limit);
}

/* Whether `name` is the path, or its last components. */
static bool ends_with(const char *path, const char *name)
{
	size_t path_length = strlen(path), length = strlen(name);
	if (length > path_length || strcmp(path + path_length - length, name))
		return false;
	return length == path_length || path[path_length - length - 1] == '/';
}

const struct fl_file *fl_common_find_file(
	const struct fl_model *model, const char *name, struct fl_error *error)
{
	const struct fl_file *found = NULL;
	while (!strncmp(name, "./", 2))
		name += 2;
	char *real = realpath(name, NULL);
	for (size_t i = 0; i < model->file_count + model->races.file_count; i++) {
		const struct fl_file *file =
			i < model->file_count ? &model->files[i] : &model->races.files[i - model->file_count];
		if (!strcmp(file->path, name) || (real && !strcmp(file->disk_path, real))) {
			found = file;
			break;
		}
		if (!ends_with(file->path, name))
			continue;
		if (found) {
			fl_error_set(error, FL_EXIT_USAGE, "%s may be %s or %s; say more of the path", name,
				found->path, file->path);
			free(real);
			return NULL;
		}
		found = file;
	}
	free(real);
	if (!found)
		fl_error_set(
			error, FL_EXIT_USAGE, "no file %s in the data; `furlong files` lists them", name);
	return found;
}
