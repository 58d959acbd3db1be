/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * load.c: see load.h. Two passes over open files: the file tables, so that it is known which files
 * matter, then the shapes with their counts straight into the builder.
 */
#include "read/load.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "read/data.h"
#include "read/ends.h"
#include "read/import.h"
#include "read/paths.h"
#include "read/paths_found.h"
#include "read/races.h"
#include "read/shape.h"
#include "read/uses.h"
#include "util/map.h"
#include "util/memory.h"
#include "util/progress.h"

/* One translation unit's file table: pair numbers of fl_sources, by index. */
struct unit {
	size_t *pairs;
	size_t count;
};

struct input {
	struct fl_data data;
	uint64_t *sums;          /* over its slots and those of its twins; NULL: it has none */
	struct fl_map unit_keys; /* offset of a file table -> index in units */
	struct unit *units;
	size_t unit_count, unit_capacity;
	const char *wrong; /* the first thing found wrong with a function */
	size_t wrong_count;
};

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
	struct shape shape;
	struct counts counts;
	struct fl_region_facts *body; /* of the function being read */
	size_t body_count, body_capacity;
	struct raw_condition *conditions; /* of the decision being read; so for paths */
	size_t condition_count, condition_capacity;
	struct fl_path_facts *paths;
	size_t path_count, path_capacity;
	uint64_t lost_conditions; /* that the pass could not follow to their decisions */
	const char *first_lost;
	uint64_t unfound_here, unfound; /* evaluations of decisions along paths that are not known */
	struct uses uses;
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

/* The function's own regions are collected: they are a whole. */
static void add_region(struct loader *loader, const struct unit *unit, const struct shape_region *region)
{
	static const enum fl_region_kind kinds[] = {
		[FURLONG_REGION_CODE] = FL_REGION_CODE,
		[FURLONG_REGION_EXPANSION] = FL_REGION_EXPANSION,
		[FURLONG_REGION_SKIPPED] = FL_REGION_SKIPPED,
		[FURLONG_REGION_GAP] = FL_REGION_GAP,
	};
	struct fl_region_facts facts = {
		fl_shape_lacks_code(&loader->shape, region) ? FL_REGION_NO_CODE : kinds[region->kind],
		region->span, fl_counts_value(&loader->counts, region->count)};
	size_t file, pair = unit->pairs[loader->shape.files[region->file]];
	if (!region->file)
		*FL_PUSH(loader->body, loader->body_count, loader->body_capacity) = facts;
	else if (fl_sources_fate(loader->sources, pair, &file) == FL_SOURCE_KEPT)
		fl_build_region(loader->build, file, facts.kind, facts.span, facts.count);
}

/* A condition in a macro's text belongs to the macro's outermost use. */
static bool find_branch(struct loader *loader, const struct unit *unit, size_t index, size_t *file,
	struct fl_branch_facts *facts)
{
	const struct shape *shape = &loader->shape;
	const struct shape_region *region = &shape->regions[index];
	const struct use *use = &loader->uses.items[region->file];
	if (fl_sources_fate(loader->sources, unit->pairs[shape->files[use->file]], file) != FL_SOURCE_KEPT)
		return false;
	*facts = (struct fl_branch_facts){
		.span = region->span,
		.taken = {fl_counts_value(&loader->counts, region->count_false),
			fl_counts_value(&loader->counts, region->count)},
		.folded = {!region->count_false, !region->count},
		.ordinal = loader->uses.ordinals[index],
	};
	if (use->macro) {
		facts->span = use->span;
		facts->macro = fl_sources_shown(loader->sources, unit->pairs[shape->files[region->file]]);
		facts->in_macro = region->span;
		facts->nesting = use->nesting;
	}
	return true;
}

static void add_branch(struct loader *loader, const struct unit *unit, size_t index)
{
	const struct shape *shape = &loader->shape;
	struct fl_branch_facts facts;
	size_t file;
	if (!find_branch(loader, unit, index, &file, &facts))
		return;
	facts.alone = shape->flags & FURLONG_SHAPE_DECISIONS && !shape->regions[index].joined;
	fl_build_branch(loader->build, file, &facts);
}

/* Paths that were taken. */
static void collect_paths(struct loader *loader, const struct shape_decision *decision)
{
	loader->path_count = loader->unfound_here = 0;
	if (decision->kind == FURLONG_DECISION_SUMMED) {
		const uint64_t *counters = loader->counts.counters;
		loader->path_count = fl_paths_find(counters ? counters + decision->sums : NULL,
			&loader->paths, &loader->path_capacity, &loader->unfound_here);
		loader->unfound += loader->unfound_here;
		return;
	}
	for (size_t i = 0; i < decision->path_count; i++) {
		uint64_t count =
			fl_counts_value(&loader->counts, loader->shape.paths[decision->first_path + i]);
		if (count)
			*FL_PUSH(loader->paths, loader->path_count, loader->path_capacity) =
				(struct fl_path_facts){i, count};
	}
}

static void lose_conditions(
	struct loader *loader, const struct unit *unit, const struct shape_decision *decision)
{
	const struct shape *shape = &loader->shape;
	const struct shape_region *first =
		&shape->regions[shape->conditions[decision->first_condition].region];
	const struct use *use = &loader->uses.items[first->file];
	size_t file, pair = unit->pairs[shape->files[use->file]];
	if (fl_sources_fate(loader->sources, pair, &file) != FL_SOURCE_KEPT)
		return;
	if (!loader->lost_conditions)
		loader->first_lost =
			fl_arena_format(loader->arena, "%s:%u", fl_sources_shown(loader->sources, pair),
				(use->macro ? use->span : first->span).start.line);
	loader->lost_conditions += decision->condition_count;
}

static void add_decision(
	struct loader *loader, const struct unit *unit, const struct shape_decision *decision)
{
	size_t file = 0, its_file = 0;
	if (decision->kind == FURLONG_DECISION_NONE || !decision->condition_count)
		return;
	if (decision->kind == FURLONG_DECISION_LOST)
		return lose_conditions(loader, unit, decision);
	loader->condition_count = 0;
	for (size_t i = 0; i < decision->condition_count; i++) {
		const struct shape_condition *from = &loader->shape.conditions[decision->first_condition + i];
		struct raw_condition *condition =
			FL_PUSH(loader->conditions, loader->condition_count, loader->condition_capacity);
		memcpy(condition->next, from->next, sizeof from->next);
		if (!find_branch(loader, unit, from->region, &its_file, &condition->place) ||
			(i && its_file != file))
			return;
		file = its_file;
	}
	collect_paths(loader, decision);
	struct fl_decision_facts facts = {
		.unrecorded = loader->unfound_here,
		.conditions = loader->conditions,
		.condition_count = loader->condition_count,
		.paths = loader->paths,
		.path_count = loader->path_count,
	};
	if (!fl_build_decision(loader->build, file, &facts))
		lose_conditions(loader, unit, decision);
}

/* The function begins with its first region in file id 0 and ends where the last of them ends. False: it has
 * none. */
static bool find_function(struct loader *loader, struct fl_function_facts *facts)
{
	const struct shape *shape = &loader->shape;
	const struct shape_region *entry = NULL;
	struct fl_position end = {0};
	for (size_t i = 0; i < shape->region_count; i++) {
		const struct shape_region *region = &shape->regions[i];
		if (region->file ||
			(region->kind != FURLONG_REGION_CODE && region->kind != FURLONG_REGION_EXPANSION))
			continue;
		if (!entry)
			entry = region;
		struct fl_position its = region->span.end;
		if (its.line > end.line || (its.line == end.line && its.column > end.column))
			end = its;
	}
	if (!entry)
		return false;
	*facts = (struct fl_function_facts){
		.linkage = shape->name,
		.linkage_length = shape->name_length,
		.span = {entry->span.start, end},
		.count = fl_counts_value(&loader->counts, entry->count),
		.from_macro = entry->kind == FURLONG_REGION_EXPANSION,
	};
	return true;
}

/* Names of C++ with template arguments have an I; a few others do, too, and cost a little memory. */
static bool is_instance(const struct shape *shape)
{
	return shape->name_length > 2 && !memcmp(shape->name, "_Z", 2) &&
	       memchr(shape->name, 'I', shape->name_length);
}

/* The function's own regions are in loader->body. */
static void add_body(struct loader *loader, size_t file)
{
	const struct shape *shape = &loader->shape;
	struct fl_function_facts facts;
	bool emitted = !(shape->flags & FURLONG_SHAPE_NEVER_EMITTED);
	bool found = find_function(loader, &facts);
	if (found)
		fl_build_function(loader->build, file, &facts);
	fl_build_body(loader->build, file, loader->body, loader->body_count, emitted);
	if (found && emitted && !facts.from_macro && is_instance(shape))
		fl_build_instance(loader->build, file, &facts);
}

static const char *check_files(const struct shape *shape, const struct unit *unit)
{
	for (size_t i = 0; i < shape->file_count; i++)
		if (shape->files[i] >= unit->count)
			return "it names a file that is not there";
	return NULL;
}

/* Only a file's own text can include another: same file, no #include. */
struct include_context {
	const struct loader *loader;
	const struct unit *unit;
};
static bool is_include(const void *opaque, const struct shape_region *expansion)
{
	const struct include_context *context = opaque;
	const uint64_t *files = context->loader->shape.files;
	return files[expansion->file] != files[expansion->expanded] &&
	       fl_sources_includes(context->loader->sources, context->unit->pairs[files[expansion->file]],
		       expansion->span.start.line);
}

static void note_hits(struct loader *loader, const struct unit *unit)
{
	const struct shape *shape = &loader->shape;
	size_t file;
	if (!(shape->flags & FURLONG_SHAPE_HITS))
		return;
	for (size_t i = 0; i < shape->file_count; i++)
		if (fl_sources_fate(loader->sources, unit->pairs[shape->files[i]], &file) == FL_SOURCE_KEPT)
			fl_build_hits(loader->build, file);
}

static void add_shape(struct loader *loader, const struct unit *unit)
{
	const struct shape *shape = &loader->shape;
	if (!shape->file_count)
		return;
	size_t file, pair = unit->pairs[shape->files[0]];
	enum fl_source_fate fate = fl_sources_fate(loader->sources, pair, &file);
	if (fate == FL_SOURCE_STALE)
		fl_sources_drop(loader->sources, pair);
	fl_uses_find(&loader->uses, shape, is_include, &(struct include_context){loader, unit});
	loader->body_count = 0;
	note_hits(loader, unit);
	for (size_t i = 0; i < shape->region_count; i++) {
		if (shape->regions[i].kind == FURLONG_REGION_BRANCH)
			add_branch(loader, unit, i);
		else
			add_region(loader, unit, &shape->regions[i]);
	}
	for (size_t i = 0; i < shape->decision_count; i++)
		add_decision(loader, unit, &shape->decisions[i]);
	if (fate == FL_SOURCE_KEPT)
		add_body(loader, file);
}

static const char *read_function(
	struct loader *loader, struct input *input, size_t index, const uint64_t *sums)
{
	struct fl_data_function function;
	const char *wrong = fl_data_function(&input->data, index, &function);
	if (wrong)
		return wrong;
	const struct unit *unit = find_unit(loader, input, function.files, &wrong);
	struct shape *shape = &loader->shape;
	if (!wrong)
		wrong = fl_shape_decode(shape, input->data.map, input->data.map_bytes, function.shape,
			function.counter_count);
	if (!wrong)
		wrong = check_files(shape, unit);
	if (wrong)
		return wrong;
	fl_shape_settle(shape);
	fl_counts_begin(&loader->counts, shape,
		sums && function.counter_count ? sums + function.first_counter : NULL);
	add_shape(loader, unit);
	return NULL;
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
		const char *wrong = read_function(loader, input, i, input->sums);
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
	fl_counts_free(&loader->counts);
	free(loader->body);
	free(loader->conditions);
	free(loader->paths);
	fl_uses_free(&loader->uses);
	fl_shape_free(&loader->shape);
	fl_file_table_free(&loader->table);
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
	if (loader->counts.negative)
		fl_build_note(loader->build, false,
			"%" PRIu64
			" derived counts came out negative and are taken as 0: their programs were running "
			"while they were read, or were ended within a loop",
			loader->counts.negative);
	if (loader->unfound)
		fl_build_note(loader->build, true,
			"%" PRIu64
			" evaluations of decisions with very many different ones could not be told apart",
			loader->unfound);
	if (loader->lost_conditions)
		fl_build_note(loader->build, false,
			"%" PRIu64 " conditions, first at %s, could not be followed to their decisions; "
			"MC/DC leaves them out",
			loader->lost_conditions, loader->first_lost);
	fl_sources_note(loader->sources, loader->build);
	fl_races_note(loader->races, loader->build);
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
