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
	return fl_load(inputs->count ? inputs : &only, &settings->filter, model, error);
}

static const struct gate {
	const char *name;
	size_t limit, ratio; /* offsets */
} gates[] = {
	{"lines", offsetof(struct fl_settings, min_lines), offsetof(struct fl_totals, lines)},
	{"branches", offsetof(struct fl_settings, min_branches), offsetof(struct fl_totals, branches)},
	{"functions", offsetof(struct fl_settings, min_functions), offsetof(struct fl_totals, functions)},
	{"regions", offsetof(struct fl_settings, min_regions), offsetof(struct fl_totals, regions)},
};

static double limit_of(const struct fl_settings *settings, const struct gate *gate)
{
	return *(const double *)((const char *)settings + gate->limit);
}

bool fl_common_has_gates(const struct fl_settings *settings)
{
	for (size_t i = 0; i < sizeof gates / sizeof *gates; i++)
		if (limit_of(settings, &gates[i]) >= 0)
			return true;
	return settings->max_races >= 0;
}

/* A gate on what nobody looked at is no green one. */
static int check_looked(
	const struct fl_settings *settings, const struct fl_model *model, struct fl_error *error)
{
	if (settings->max_races >= 0 && !model->races.looked)
		return fl_error_set(error, FL_EXIT_DATA,
			"no race data for --max-races: no program of these data was built with the race "
			"flag; `furlong flags race` prints it");
	for (size_t i = 0; i < sizeof gates / sizeof *gates; i++)
		if (limit_of(settings, &gates[i]) >= 0 && !model->file_count)
			return fl_error_set(error, FL_EXIT_DATA,
				"no coverage data for --min-%s: no program of these data was built with the "
				"coverage flag; `furlong flags coverage` prints it",
				gates[i].name);
	return 0;
}

/* Appends to what failed already. */
static size_t gate_races(
	const struct fl_settings *settings, const struct fl_model *model, char *all, size_t used, size_t size)
{
	size_t open = fl_races_open(&model->races);
	if (settings->max_races < 0 || open <= (uint64_t)settings->max_races || used >= size)
		return used;
	return used + (size_t)snprintf(all + used, size - used,
			      "%sraces: %zu, %llu more than %lld; `furlong races` lists them",
			      used ? "; " : "", open,
			      (unsigned long long)(open - (uint64_t)settings->max_races),
			      (long long)settings->max_races);
}

int fl_common_gates(const struct fl_settings *settings, const struct fl_model *model, struct fl_error *error)
{
	char all[sizeof error->text] = "";
	size_t used = 0;
	if (check_looked(settings, model, error))
		return error->code;
	for (size_t i = 0; i < sizeof gates / sizeof *gates; i++) {
		double limit = limit_of(settings, &gates[i]);
		const struct fl_ratio *ratio = (const void *)((const char *)&model->totals + gates[i].ratio);
		double percent = fl_ratio_percent(*ratio);
		if (limit < 0 || percent >= limit)
			continue;
		/* How many more would do; the nearest double above limit% of found is not asked to be exact.
		 */
		uint64_t needed = 0;
		while (100.0 * (double)(ratio->hit + needed) / (double)ratio->found < limit)
			needed += 1 + (uint64_t)((limit - 100.0 * (double)(ratio->hit + needed) /
								  (double)ratio->found) /
						 100.0 * (double)ratio->found / 2);
		used += (size_t)snprintf(all + used, sizeof all - used,
			"%s%s: %.2f%% is below %g%% by %.2f points (%llu more needed)", used ? "; " : "",
			gates[i].name, percent, limit, limit - percent, (unsigned long long)needed);
	}
	used = gate_races(settings, model, all, used, sizeof all);
	return used ? (fl_error_set(error, FL_EXIT_GATE, "gate failed: %s", all), FL_EXIT_GATE) : 0;
}

void fl_common_summary(const struct fl_model *model)
{
	if (model->file_count)
		fl_write_summary(stderr, &model->totals);
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
