/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * load.c: see load.h. Two passes over open files: the file tables, so that it is known which files
 * matter, then the shapes with their counts straight into the builder.
 */
#include "read/load.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "read/ends.h"
#include "read/functions.h"
#include "read/import.h"
#include "read/paths.h"
#include "read/races.h"
#include "util/map.h"
#include "util/memory.h"
#include "util/progress.h"

struct input {
	struct fl_data data;
	uint64_t *sums;          /* over its slots and those of its twins; NULL: it has none */
	struct fl_map unit_keys; /* offset of a file table -> index in units */
	struct unit *units;
	size_t unit_count, unit_capacity;
	const char *wrong; /* the first thing found wrong with a function */
	size_t wrong_count;
};

enum { LARGE = 1 << 28 }; /* bytes that are worth a note */

struct loader {
	struct fl_arena *arena;
	struct fl_build *build;
	struct fl_sources *sources;
	struct input *inputs;
	size_t input_count;
	struct fl_map twins;       /* module id -> index of the last input that has it */
	struct fl_import *imports; /* other reports */
	size_t import_count;
	struct fl_race_reader *races, *ends;
	size_t race_inputs;
	size_t labelled; /* files of counts that have a label */
	uint64_t labelled_bytes;
	struct functions functions;
	struct file_table table;
};

static void complain(struct input *input, const char *wrong)
{
	if (!input->wrong)
		input->wrong = wrong;
	input->wrong_count++;
}

/* The unit whose file table stands at `offset`, decoded once; NULL when it is garbage. */
static const struct unit *find_unit(
	struct loader *loader, struct input *input, uint64_t offset, const char **wrong)
{
	struct fl_map_entry *entry = fl_map_put(&input->unit_keys, &offset, sizeof offset);
	if (entry->value != SIZE_MAX)
		return &input->units[entry->value];
	entry->value = input->unit_count;
	struct unit *unit = FL_PUSH(input->units, input->unit_count, input->unit_capacity);
	*unit = (struct unit){0};
	*wrong = fl_file_table_decode(&loader->table, input->data.map, input->data.map_bytes, offset);
	if (*wrong)
		return unit;
	unit->count = loader->table.count;
	unit->pairs = fl_arena_array(loader->arena, unit->count, sizeof *unit->pairs);
	for (size_t i = 0; i < unit->count; i++) {
		const struct table_file *file = &loader->table.items[i];
		unit->pairs[i] = fl_sources_add(
			loader->sources, file->path, file->path_length, file->digest, input->data.modified);
	}
	return unit;
}

static void read_units(struct loader *loader, struct input *input)
{
	for (size_t i = 0; i < input->data.function_count; i++) {
		struct fl_data_function function;
		const char *wrong = fl_data_function(&input->data, i, &function);
		if (!wrong)
			find_unit(loader, input, function.files, &wrong);
		if (wrong)
			complain(input, wrong);
	}
}

static const char *read_function(struct loader *loader, struct input *input, size_t index)
{
	struct fl_data_function function;
	const char *wrong = fl_data_function(&input->data, index, &function);
	if (wrong)
		return wrong;
	const struct unit *unit = find_unit(loader, input, function.files, &wrong);
	if (wrong)
		return wrong;
	return fl_functions_read(&loader->functions, &input->data, &function, unit,
		input->sums && function.counter_count ? input->sums + function.first_counter : NULL);
}

static void note_losses(struct loader *loader, const struct input *input)
{
	const struct fl_data *data = &input->data;
	struct fl_build *build = loader->build;
	if (input->wrong_count)
		fl_build_note(build, true, "%s: %zu of %zu functions could not be read: %s", data->path,
			input->wrong_count, data->function_count, input->wrong);
	if (data->missing_slots)
		fl_build_note(build, true, "%s: cut off: the counts of %" PRIu64 " of %u slots are missing",
			data->path, data->missing_slots, data->header.slots_used);
	if (data->header.unslotted_threads)
		fl_build_note(build, true,
			"%s: %" PRIu64 " threads were not known to the runtime; counts of theirs may be lost",
			data->module, data->header.unslotted_threads);
	if (data->header.private_processes)
		fl_build_note(build, false,
			"%s: %" PRIu64
			" processes counted in private memory; had one been killed, its counts were lost",
			data->module, data->header.private_processes);
}

static void read_input(struct loader *loader, struct input *input)
{
	struct fl_data *data = &input->data;
	input->wrong_count = 0;
	for (size_t i = 0; i < data->function_count; i++) {
		const char *wrong = read_function(loader, input, i);
		if (wrong)
			complain(input, wrong);
	}
	fl_build_module(loader->build, data->module, data->label);
	note_losses(loader, input);
}

/* Many processes of one binary may have a file each: their counts are added up here, and the rest is read
 * once. */
static bool join_twin(struct loader *loader, struct input *input)
{
	struct fl_data *data = &input->data;
	struct fl_map_entry *entry =
		fl_map_put(&loader->twins, &data->header.module_id, sizeof data->header.module_id);
	struct input *twin = entry->value == SIZE_MAX ? NULL : &loader->inputs[entry->value];
	if (!twin || !twin->sums || !data->header.slots_used || !fl_data_are_twins(&twin->data, data)) {
		entry->value = loader->input_count;
		return false;
	}
	fl_data_add(data, twin->sums);
	for (size_t i = 0; i < twin->unit_count; i++)
		for (size_t j = 0; j < twin->units[i].count; j++)
			fl_sources_see(loader->sources, twin->units[i].pairs[j], data->modified);
	fl_build_module(loader->build, data->module, data->label);
	note_losses(loader, input);
	fl_data_close(data);
	return true;
}

static void add_input(struct loader *loader, struct input *input)
{
	const struct fl_data *data = &input->data;
	if (join_twin(loader, input))
		return;
	if (data->header.slots_used) {
		input->sums = fl_resize(NULL, fl_data_counters(data) + 1, sizeof *input->sums);
		fl_data_sum(data, input->sums);
	}
	fl_map_init(&input->unit_keys, loader->arena);
	loader->input_count++;
	read_units(loader, input);
}

static bool is_report(const char *path)
{
	struct fl_bytes bytes;
	if (fl_bytes_map(path, &bytes))
		return false;
	bool result = fl_import_is(&bytes);
	fl_bytes_unmap(&bytes);
	return result;
}

static int open_report(struct loader *loader, const char *path, struct fl_error *last)
{
	struct fl_import *import = &loader->imports[loader->import_count];
	if (fl_import_read(import, path, last)) {
		fl_import_free(import);
		return -1;
	}
	fl_import_declare(import, loader->sources);
	loader->import_count++;
	return 0;
}

static void open_input(struct loader *loader, const char *path, struct fl_error *last)
{
	struct input *input = &loader->inputs[loader->input_count];
	int failed;
	if (fl_ends_is_file(path)) {
		failed = fl_races_read(loader->ends, path, loader->build, last);
	} else if (fl_races_is_file(path)) {
		failed = fl_races_read(loader->races, path, loader->build, last);
		loader->race_inputs += !failed;
	} else if (is_report(path)) {
		failed = open_report(loader, path, last);
	} else if (!(failed = fl_data_open(&input->data, path, last))) {
		loader->labelled += *input->data.label != '\0';
		loader->labelled_bytes += *input->data.label ? input->data.bytes.size : 0;
		add_input(loader, input);
	}
	if (failed)
		fl_build_note(loader->build, true, "%s", last->text);
}

static void open_inputs(struct loader *loader, const struct fl_words *files, struct fl_error *last)
{
	loader->inputs = fl_alloc((files->count + 1) * sizeof *loader->inputs);
	loader->imports = fl_alloc((files->count + 1) * sizeof *loader->imports);
	fl_progress_begin("data files opened:", files->count);
	for (size_t i = 0; i < files->count; i++) {
		open_input(loader, files->items[i], last);
		fl_progress_step();
	}
	fl_progress_end();
}

static void close_inputs(struct loader *loader)
{
	for (size_t i = 0; i < loader->input_count; i++) {
		fl_map_free(&loader->inputs[i].unit_keys);
		free(loader->inputs[i].units);
		free(loader->inputs[i].sums);
		fl_data_close(&loader->inputs[i].data);
	}
	free(loader->inputs);
	for (size_t i = 0; i < loader->import_count; i++)
		fl_import_free(&loader->imports[i]);
	free(loader->imports);
	fl_map_free(&loader->twins);
	fl_functions_free(&loader->functions);
	fl_file_table_free(&loader->table);
}

/* Each has the tables of its binary, too. */
static void note_large(struct loader *loader)
{
	if (loader->labelled > 1 && loader->labelled_bytes > LARGE)
		fl_build_note(loader->build, false,
			"%zu data files are of one test each: furlong merge --tests -o DIR DIR keeps what "
			"they "
			"say in far less room",
			loader->labelled);
}

static void read_all(struct loader *loader)
{
	fl_races_declare(loader->races, loader->sources);
	fl_races_declare(loader->ends, loader->sources);
	fl_sources_resolve(loader->sources, loader->build);
	fl_races_place(loader->races, loader->sources);
	fl_races_place(loader->ends, loader->sources);
	fl_progress_begin("data files read:", loader->input_count);
	for (size_t i = 0; i < loader->input_count; i++) {
		read_input(loader, &loader->inputs[i]);
		fl_progress_step();
	}
	fl_progress_end();
	for (size_t i = 0; i < loader->import_count; i++)
		fl_import_build(&loader->imports[i], loader->sources, loader->build);
	fl_functions_note(&loader->functions);
	fl_sources_note(loader->sources, loader->build);
	fl_races_note(loader->races, loader->build);
	note_large(loader);
}

static int check_model(const struct loader *loader, const struct fl_model *model, struct fl_error *error)
{
	if (model->file_count || model->races.looked)
		return 0;
	struct fl_source_tally tally = fl_sources_tally(loader->sources);
	if (!tally.files)
		return fl_error_set(error, FL_EXIT_DATA, "the data hold no readable function; %s",
			model->note_count ? model->notes[0].text
					  : "was anything built with the coverage flag?");
	return fl_error_set(error, FL_EXIT_DATA,
		"nothing is left to report: of %zu files %zu were filtered out as system headers and %zu by "
		"--include "
		"and --exclude",
		tally.files, tally.system, tally.globs);
}

int fl_load(const struct fl_words *inputs, const struct fl_filter *filter, struct fl_model **model,
	struct fl_error *error)
{
	*model = NULL;
	if (fl_paths_check_map(&filter->path_map, error))
		return -1;
	struct loader loader = {.arena = fl_arena_new(), .build = fl_build_new()};
	struct fl_words files = {0};
	struct fl_error last = {0};
	fl_map_init(&loader.twins, loader.arena);
	loader.sources = fl_sources_new(filter);
	loader.functions =
		(struct functions){.arena = loader.arena, .build = loader.build, .sources = loader.sources};
	loader.races = fl_races_new();
	loader.ends = fl_races_new();
	int result = fl_load_list(inputs, &files, loader.arena, error);
	if (!result)
		open_inputs(&loader, &files, &last);
	if (!result && !files.count)
		result = fl_error_set(error, FL_EXIT_DATA,
			"no data in %s: build with the flag that `furlong flags` prints, and run the program",
			inputs->count ? inputs->items[0] : "any input");
	else if (!result && !loader.input_count && !loader.race_inputs && !loader.import_count)
		result = fl_error_set(error, FL_EXIT_DATA, "%s", last.text);
	if (!result)
		read_all(&loader);
	const char *root = result ? "/" : fl_sources_root(loader.sources);
	*model = fl_build_finish(loader.build, root);
	if (!result)
		fl_races_finish(loader.races, loader.sources, *model);
	if (!result)
		fl_ends_finish(loader.ends, *model);
	if (!result)
		result = check_model(&loader, *model, error);
	if (result) {
		fl_model_free(*model);
		*model = NULL;
	}
	close_inputs(&loader);
	fl_races_free(loader.races);
	fl_races_free(loader.ends);
	fl_sources_free(loader.sources);
	fl_arena_free(loader.arena);
	free(files.items);
	return result;
}
