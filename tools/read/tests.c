/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * tests.c: see tests.h. A test's counters are taken function by function. Which regions of the function ran
 * decides which lines did: that is worked out once for each pattern, and looked up from then on.
 */
#include "read/tests.h"

#include <errno.h>
#include <furlong/format.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "read/data.h"
#include "read/load.h"
#include "read/paths.h"
#include "read/shape.h"
#include "util/map.h"
#include "util/memory.h"
#include "util/progress.h"

struct function {
	struct fl_data_function entry;
	bool decoded;
	const char *wrong;
	struct shape shape;
	size_t *files; /* of the model, by file id; SIZE_MAX: none */
};

struct module {
	struct fl_data data;
	struct function *functions;
	uint32_t *function_of; /* by counter; UINT32_MAX: none */
	size_t counters;
};

struct reader {
	struct fl_tests *tests;
	const struct fl_filter *filter;
	const char *base;    /* of relative paths */
	struct fl_map files; /* canonical path -> file of the model */
	struct fl_map names; /* label -> test */
	struct fl_map sets;  /* module, function and pattern -> set */
	struct fl_map ids;   /* id -> the last of `modules` that has it */
	struct module **modules;
	size_t module_count, module_capacity;
	struct file_table table;
	struct counts counts;
	uint64_t *counters; /* of the function at hand */
	size_t counter_capacity;
	char *pattern;
	size_t pattern_capacity;
	uint32_t *lines; /* being gathered */
	size_t line_count, line_capacity;
	struct fl_region_facts *facts;
	size_t fact_count, fact_capacity;
};

/* ---- modules ------------------------------------------------------------------------------------------- */

static void open_functions(struct module *module)
{
	size_t count = module->data.function_count;
	module->counters = fl_data_counters(&module->data);
	module->functions = fl_alloc((count + 1) * sizeof *module->functions);
	module->function_of = fl_resize(NULL, module->counters + 1, sizeof *module->function_of);
	memset(module->function_of, 0xff, (module->counters + 1) * sizeof *module->function_of);
	for (size_t i = 0; i < count; i++) {
		struct function *function = &module->functions[i];
		function->wrong = fl_data_function(&module->data, i, &function->entry);
		for (size_t j = 0; !function->wrong && j < function->entry.counter_count; j++)
			module->function_of[function->entry.first_counter + j] = (uint32_t)i;
	}
}

static void close_module(struct module *module)
{
	for (size_t i = 0; i < module->data.function_count; i++)
		fl_shape_free(&module->functions[i].shape);
	free(module->functions);
	free(module->function_of);
	fl_data_close(&module->data);
	free(module);
}

static size_t find_file(struct reader *reader, const struct table_file *file)
{
	struct fl_arena *arena = reader->tests->arena;
	const char *path = fl_paths_canonical(arena, fl_arena_bytes(arena, file->path, file->path_length),
		&reader->filter->path_map, reader->base);
	const struct fl_map_entry *entry = fl_map_get(&reader->files, path, strlen(path));
	return entry ? entry->value : SIZE_MAX;
}

static void decode(struct reader *reader, struct module *module, struct function *function)
{
	struct fl_data *data = &module->data;
	struct shape *shape = &function->shape;
	function->decoded = true;
	function->wrong =
		fl_file_table_decode(&reader->table, data->map, data->map_bytes, function->entry.files);
	if (!function->wrong)
		function->wrong = fl_shape_decode(shape, data->map, data->map_bytes, function->entry.shape,
			function->entry.counter_count);
	if (function->wrong)
		return;
	fl_shape_settle(shape);
	function->files = fl_arena_array(reader->tests->arena, shape->file_count, sizeof *function->files);
	for (size_t i = 0; i < shape->file_count; i++)
		function->files[i] = shape->files[i] < reader->table.count
					     ? find_file(reader, &reader->table.items[shape->files[i]])
					     : SIZE_MAX;
}

/* ---- from counters to lines ---------------------------------------------------------------------------- */

/* The regions of one text, with 1 where they ran. */
static void gather_text(struct reader *reader, const struct function *function, uint32_t file)
{
	static const enum fl_region_kind kinds[] = {
		[FURLONG_REGION_CODE] = FL_REGION_CODE,
		[FURLONG_REGION_EXPANSION] = FL_REGION_EXPANSION,
		[FURLONG_REGION_SKIPPED] = FL_REGION_SKIPPED,
		[FURLONG_REGION_GAP] = FL_REGION_GAP,
	};
	const struct shape *shape = &function->shape;
	size_t count;
	reader->fact_count = 0;
	for (size_t i = 0; i < shape->region_count; i++) {
		const struct shape_region *region = &shape->regions[i];
		if (region->file == file && region->kind <= FURLONG_REGION_GAP)
			*FL_PUSH(reader->facts, reader->fact_count, reader->fact_capacity) =
				(struct fl_region_facts){
					kinds[region->kind], region->span, reader->pattern[i] == '1'};
	}
	struct fl_line *lines = fl_build_text_lines(reader->facts, reader->fact_count, &count);
	for (size_t i = 0; i < count; i++) {
		uint32_t number = lines[i].count
					  ? fl_tests_line(reader->tests, function->files[file], lines[i].line)
					  : UINT32_MAX;
		if (number != UINT32_MAX)
			*FL_PUSH(reader->lines, reader->line_count, reader->line_capacity) = number;
	}
	free(lines);
}

static int compare_numbers(const void *left, const void *right)
{
	uint32_t a = *(const uint32_t *)left, b = *(const uint32_t *)right;
	return (a > b) - (a < b);
}

static size_t make_set(struct reader *reader, const struct function *function)
{
	struct fl_tests *tests = reader->tests;
	reader->line_count = 0;
	for (uint32_t file = 0; file < function->shape.file_count; file++)
		if (function->files[file] != SIZE_MAX)
			gather_text(reader, function, file);
	if (reader->line_count)
		qsort(reader->lines, reader->line_count, sizeof *reader->lines, compare_numbers);
	size_t count = 0;
	for (size_t i = 0; i < reader->line_count; i++)
		if (!i || reader->lines[i] != reader->lines[i - 1])
			reader->lines[count++] = reader->lines[i];
	struct fl_line_set *set = FL_PUSH(tests->sets, tests->set_count, tests->set_capacity);
	*set = (struct fl_line_set){fl_arena_array(tests->arena, count, sizeof *set->lines), count};
	if (count)
		memcpy(set->lines, reader->lines, count * sizeof *set->lines);
	return tests->set_count - 1;
}

/* Of each region whether it ran, as a text; behind it, which function of which module this is of. */
static size_t make_pattern(struct reader *reader, const struct module *module, size_t index)
{
	const struct function *function = &module->functions[index];
	const struct shape *shape = &function->shape;
	const void *where[2] = {module, (const void *)index};
	size_t length = shape->region_count + sizeof where;
	if (length > reader->pattern_capacity)
		reader->pattern = fl_resize(reader->pattern, reader->pattern_capacity = 2 * length, 1);
	fl_counts_begin(&reader->counts, shape, reader->counters);
	for (size_t i = 0; i < shape->region_count; i++)
		reader->pattern[i] = fl_counts_value(&reader->counts, shape->regions[i].count) ? '1' : '0';
	memcpy(reader->pattern + shape->region_count, where, sizeof where);
	return length;
}

static void add_function(struct reader *reader, struct module *module, size_t index, struct fl_test *test)
{
	struct function *function = &module->functions[index];
	if (!function->decoded)
		decode(reader, module, function);
	if (function->wrong)
		return;
	size_t length = make_pattern(reader, module, index);
	struct fl_map_entry *entry = fl_map_put(&reader->sets, reader->pattern, length);
	size_t set = entry->value == SIZE_MAX ? make_set(reader, function) : entry->value;
	entry->value = set;
	if (reader->tests->sets[set].count)
		*FL_PUSH(test->sets, test->set_count, test->set_capacity) = (uint32_t)set;
}

/* Counters of one test and module, in order; those of one function stand together. */
struct feed {
	struct reader *reader;
	struct module *module;
	size_t test;
	uint32_t function; /* that is being collected; UINT32_MAX: none */
};

static void flush(struct feed *feed)
{
	if (feed->function != UINT32_MAX)
		add_function(
			feed->reader, feed->module, feed->function, &feed->reader->tests->tests[feed->test]);
	feed->function = UINT32_MAX;
}

static void add_counter(struct feed *feed, uint64_t counter, uint64_t count)
{
	struct reader *reader = feed->reader;
	uint32_t index = counter < feed->module->counters ? feed->module->function_of[counter] : UINT32_MAX;
	if (index != feed->function)
		flush(feed);
	if (index == UINT32_MAX)
		return;
	const struct fl_data_function *entry = &feed->module->functions[index].entry;
	if (entry->counter_count > reader->counter_capacity)
		reader->counters = fl_resize(reader->counters,
			reader->counter_capacity = 2 * entry->counter_count, sizeof *reader->counters);
	if (feed->function == UINT32_MAX)
		memset(reader->counters, 0, entry->counter_count * sizeof *reader->counters);
	feed->function = index;
	reader->counters[counter - entry->first_counter] = count;
}

/* ---- tests --------------------------------------------------------------------------------------------- */

static size_t find_test(struct reader *reader, const char *label, size_t length)
{
	struct fl_tests *tests = reader->tests;
	struct fl_map_entry *entry = fl_map_put(&reader->names, label, length);
	if (entry->value == SIZE_MAX) {
		entry->value = tests->test_count;
		*FL_PUSH(tests->tests, tests->test_count, tests->test_capacity) =
			(struct fl_test){.name = fl_arena_bytes(tests->arena, label, length)};
	}
	return entry->value;
}

static void read_records(struct reader *reader, struct module *module, const char *path, size_t *damaged)
{
	struct fl_bytes bytes;
	struct fl_test_counts counts;
	uint64_t counter, count;
	if (!path || fl_bytes_map(path, &bytes))
		return;
	struct fl_test_records records = {bytes.data, bytes.data + bytes.size, 0};
	while (fl_test_records_next(&records, &counts)) {
		struct feed feed = {reader, module, 0, UINT32_MAX};
		if (counts.module_id != module->data.header.module_id || !counts.label_bytes) {
			records.damaged++;
			continue;
		}
		feed.test = find_test(reader, counts.label, counts.label_bytes);
		while (fl_test_counts_next(&counts, &counter, &count))
			add_counter(&feed, counter, count);
		records.damaged += counts.left > 0;
		flush(&feed);
	}
	*damaged += records.damaged;
	fl_bytes_unmap(&bytes);
}

/* A file that has a label is a test by itself. */
static void read_label(struct reader *reader, struct module *module, const struct fl_data *data)
{
	const char *label = data->label;
	if (!*label || !data->header.slots_used)
		return;
	struct feed feed = {reader, module, find_test(reader, label, strlen(label)), UINT32_MAX};
	uint64_t *sums = fl_resize(NULL, module->counters + 1, sizeof *sums);
	fl_data_sum(data, sums);
	for (size_t i = 0; i < module->counters; i++)
		if (sums[i])
			add_counter(&feed, i, sums[i]);
	flush(&feed);
	free(sums);
}

/* The module whose data these are; one that is not known yet keeps them. Many tests of one binary may have a
 * file each: what their counters mean is worked out once. */
static struct module *find_module(struct reader *reader, struct fl_data *data)
{
	uint64_t id = data->header.module_id;
	struct fl_map_entry *entry = fl_map_put(&reader->ids, &id, sizeof id);
	if (entry->value != SIZE_MAX && fl_data_are_twins(&reader->modules[entry->value]->data, data))
		return reader->modules[entry->value];
	struct module *module = fl_alloc(sizeof *module); /* its address is a key */
	entry->value = reader->module_count;
	*FL_PUSH(reader->modules, reader->module_count, reader->module_capacity) = module;
	module->data = *data;
	open_functions(module);
	return module;
}

static void read_data(struct reader *reader, const char *path, size_t *damaged)
{
	struct fl_data data;
	struct fl_error ignored; /* fl_load() has told of it */
	if (fl_data_open(&data, path, &ignored))
		return;
	size_t known = reader->module_count;
	struct module *module = find_module(reader, &data);
	read_label(reader, module, &data);
	read_records(reader, module, fl_tests_path(path, reader->tests->arena), damaged);
	if (reader->module_count == known)
		fl_data_close(&data);
}

static void close_reader(struct reader *reader)
{
	fl_map_free(&reader->files);
	fl_map_free(&reader->names);
	fl_map_free(&reader->sets);
	fl_map_free(&reader->ids);
	for (size_t i = 0; i < reader->module_count; i++)
		close_module(reader->modules[i]);
	free(reader->modules);
	fl_file_table_free(&reader->table);
	fl_counts_free(&reader->counts);
	free(reader->counters);
	free(reader->pattern);
	free(reader->lines);
	free(reader->facts);
}

static void open_reader(struct reader *reader, const struct fl_filter *filter, const struct fl_model *model)
{
	struct fl_arena *arena = reader->tests->arena;
	reader->filter = filter;
	reader->base = fl_paths_base(arena);
	if (filter->root)
		reader->base = fl_paths_canonical(arena, filter->root, &(struct fl_words){0}, reader->base);
	fl_map_init(&reader->files, arena);
	fl_map_init(&reader->names, arena);
	fl_map_init(&reader->sets, arena);
	fl_map_init(&reader->ids, arena);
	for (size_t i = 0; i < model->file_count; i++)
		fl_map_put(&reader->files, model->files[i].disk_path, strlen(model->files[i].disk_path))
			->value = i;
}

int fl_tests_load(const struct fl_words *inputs, const struct fl_filter *filter, const struct fl_model *model,
	struct fl_tests **tests, size_t *damaged, struct fl_error *error)
{
	struct fl_words files = {0};
	struct reader reader = {.tests = fl_tests_new(model)};
	*damaged = 0;
	open_reader(&reader, filter, model);
	int result = fl_load_list(inputs, &files, reader.tests->arena, error);
	fl_progress_begin("data files read for tests:", files.count);
	for (size_t i = 0; i < files.count && !result; i++) {
		if (fl_tests_path(files.items[i], reader.tests->arena))
			read_data(&reader, files.items[i], damaged);
		fl_progress_step();
	}
	fl_progress_end();
	close_reader(&reader);
	free(files.items);
	if (!result && !reader.tests->test_count)
		result = fl_error_set(error, FL_EXIT_DATA,
			"no test has a name in these data: run each with `furlong run --label NAME` or "
			"FURLONG_LABEL, or "
			"call furlong_coverage_label()");
	if (result) {
		fl_tests_free(reader.tests);
		return result;
	}
	fl_tests_finish(reader.tests);
	*tests = reader.tests;
	return 0;
}
