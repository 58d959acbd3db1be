/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * doctor_data.c: whether a binary was built as it should be, and whether data are whole and of this source.
 */
#include <stdlib.h>
#include <string.h>

#include "cmd/doctor.h"
#include "read/inspect.h"
#include "read/load.h"
#include "util/memory.h"

void fl_doctor_binary(struct doctor *doctor, const char *path)
{
	struct fl_inspection found;
	struct fl_error error;
	if (fl_inspect_binary(path, &found, &error)) {
		fl_doctor_problem(
			doctor, "give an executable, a shared library or an object file", "%s", error.text);
		return;
	}
	const char *flags = !found.has_race ? "coverage" : found.has_tables ? "coverage and race" : "race";
	if (!found.has_tables && !found.has_race) {
		fl_doctor_problem(doctor,
			"compile and link with --config=$(furlong flags coverage), or race; look at the "
			"build's "
			"commands for it",
			"%s: nothing in it was compiled with the coverage or the race flag", path);
		return;
	}
	if (!found.is_linked) {
		fl_doctor_well(doctor, "%s: an object file, compiled with the %s flag%s", path, flags,
			found.has_race && found.has_tables ? "s" : "");
		return;
	}
	if (found.unreadable)
		fl_doctor_problem(doctor, "rebuild it with the flags of this installation",
			"%s: %zu of %zu functions cannot be read: %s", path, found.unreadable,
			found.functions, found.wrong);
	if (!found.needs_runtime && !found.has_runtime)
		fl_doctor_problem(doctor, "give the flag to the link command too",
			"%s: compiled with the %s flag, but linked without: nothing is seen of it", path,
			flags);
	else if (found.needs_runtime && !found.runtime_found)
		fl_doctor_problem(doctor, "link with the flag of this installation, or set LD_LIBRARY_PATH",
			"%s: libfurlong_rt.so is not where it is looked for (runpath: %s)", path,
			*found.runpath ? found.runpath : "none");
	if (!found.has_symbols)
		fl_doctor_remark(doctor, "%s: stripped; %s", path,
			found.has_race ? "reports of races name functions only where they are exported"
				       : "coverage does not need symbols");
	if (found.has_race)
		fl_doctor_well(doctor, "%s: its data races can be found", path);
	if (found.has_tables && !found.unreadable)
		fl_doctor_well(doctor, "%s: %zu functions can be counted", path, found.functions);
}

static void examine_sources(struct doctor *doctor, const struct fl_model *model)
{
	size_t missing = 0, changed = 0;
	const char *example = NULL;
	for (size_t i = 0; i < model->file_count; i++) {
		const struct fl_file *file = &model->files[i];
		missing += file->source == FL_SOURCE_MISSING;
		changed += file->source == FL_SOURCE_CHANGED;
		if (file->source == FL_SOURCE_MISSING && !example)
			example = file->disk_path;
	}
	if (missing)
		fl_doctor_problem(doctor, "tell where they are: --path-map FROM=TO",
			"%zu of %zu sources are not where they were compiled, for example %s", missing,
			model->file_count, example);
	if (changed)
		fl_doctor_problem(doctor, "rebuild, and run again with --fresh",
			"%zu of %zu sources have changed since they were compiled", changed,
			model->file_count);
	if (!missing && !changed)
		fl_doctor_well(
			doctor, "all %zu sources are there and are what was compiled", model->file_count);
}

void fl_doctor_data(struct doctor *doctor, const char *path)
{
	struct fl_words inputs = {.items = &path, .count = 1}, files = {0};
	struct fl_model *model;
	struct fl_error error;
	if (fl_load_list(&inputs, &files, doctor->arena, &error)) {
		fl_doctor_problem(doctor, "name a data directory, a data file or a binary", "%s", error.text);
		return;
	}
	size_t file_count = files.count;
	free(files.items);
	if (!file_count) {
		fl_doctor_problem(doctor,
			"run a program that was built with the flag: `furlong run -- PROG`; `furlong doctor "
			"PROG` looks at it",
			"%s holds no data", path);
		return;
	}
	if (fl_load(&inputs, &doctor->settings->filter, &model, &error)) {
		fl_doctor_problem(doctor, "as said", "%s", error.text);
		return;
	}
	for (size_t i = 0; i < model->note_count; i++) {
		if (model->notes[i].lost)
			fl_doctor_problem(doctor, "counts are missing: run again, with --fresh if need be",
				"%s", model->notes[i].text);
		else
			fl_doctor_remark(doctor, "%s", model->notes[i].text);
	}
	fl_doctor_well(doctor, "%s: %zu data files of %zu binaries and labels", path, file_count,
		model->module_count);
	examine_sources(doctor, model);
	fl_model_free(model);
}
