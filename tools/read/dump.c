/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * dump.c: see dump.h. One description serves both outputs: a tree of named values, printed as indented
 * text or as JSON.
 */
#include "read/dump.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "read/data.h"
#include "read/races.h"
#include "read/shape.h"
#include "util/memory.h"
#include "write/json_out.h"

struct dump {
	FILE *out;
	struct json_out json;
	bool as_json;
	int depth;
};

static void indent(struct dump *dump)
{
	fprintf(dump->out, "%*s", dump->depth * 2, "");
}

static void open_group(struct dump *dump, const char *name, char bracket, bool in_array)
{
	if (dump->as_json) {
		json_open(&dump->json, in_array ? NULL : name, bracket);
	} else {
		indent(dump);
		fprintf(dump->out, "%s\n", name);
	}
	dump->depth++;
}

static void close_group(struct dump *dump, char bracket)
{
	dump->depth--;
	if (dump->as_json)
		json_close(&dump->json, bracket);
}

static void number(struct dump *dump, const char *name, uint64_t value)
{
	if (dump->as_json) {
		json_number(&dump->json, name, value);
		return;
	}
	indent(dump);
	fprintf(dump->out, "%s: %" PRIu64 "\n", name, value);
}

static void text(struct dump *dump, const char *name, const char *bytes, size_t length)
{
	char *copy = fl_alloc(length + 1);
	memcpy(copy, bytes, length);
	if (dump->as_json) {
		json_text(&dump->json, name, copy);
	} else {
		indent(dump);
		fprintf(dump->out, "%s%s%s\n", name ? name : "", name ? ": " : "", copy);
	}
	free(copy);
}

static void hex(struct dump *dump, const char *name, uint64_t value)
{
	char buffer[32];
	int length = snprintf(buffer, sizeof buffer, "%016" PRIx64, value);
	text(dump, name, buffer, (size_t)length);
}

/* A distance, which may be negative. */
static void distance(struct dump *dump, const char *name, int64_t value)
{
	char buffer[32];
	int length = snprintf(buffer, sizeof buffer, "%" PRId64, value);
	text(dump, name, buffer, (size_t)length);
}

static void dump_header(struct dump *dump, const struct fl_data *data)
{
	const struct furlong_data_header *header = &data->header;
	open_group(dump, "header", '{', false);
	number(dump, "version", header->version);
	number(dump, "header_bytes", header->header_bytes);
	hex(dump, "module_id", header->module_id);
	number(dump, "counters_bytes", header->counters_bytes);
	number(dump, "slot_head", header->slot_head);
	number(dump, "slot_stride", header->slot_stride);
	number(dump, "slots_offset", header->slots_offset);
	number(dump, "owners_offset", header->owners_offset);
	number(dump, "slot_capacity", header->slot_capacity);
	number(dump, "slots_used", header->slots_used);
	number(dump, "functions_offset", header->functions_offset);
	number(dump, "functions_bytes", header->functions_bytes);
	number(dump, "map_offset", header->map_offset);
	number(dump, "map_bytes", header->map_bytes);
	distance(dump, "functions_to_counters", header->functions_to_counters);
	distance(dump, "functions_to_map", header->functions_to_map);
	number(dump, "path_offset", header->path_offset);
	number(dump, "path_bytes", header->path_bytes);
	number(dump, "label_bytes", header->label_bytes);
	number(dump, "unslotted_threads", header->unslotted_threads);
	number(dump, "private_processes", header->private_processes);
	close_group(dump, '}');
}

static void dump_slots(struct dump *dump, const struct fl_data *data)
{
	const struct furlong_data_header *header = &data->header;
	open_group(dump, "slots", '[', false);
	for (uint32_t slot = 0; slot < header->slots_used; slot++) {
		uint64_t owner = 0, at = header->owners_offset + 8u * (uint64_t)slot;
		uint64_t begin = header->slots_offset + header->slot_stride * slot + header->slot_head,
			 sum = 0;
		if (data->bytes.size >= 8 && at <= data->bytes.size - 8)
			memcpy(&owner, data->bytes.data + at, 8);
		for (uint64_t i = 0; i + 8 <= header->counters_bytes && begin + i + 8 <= data->bytes.size;
			i += 8) {
			uint64_t counter;
			memcpy(&counter, data->bytes.data + begin + i, 8);
			sum += counter;
		}
		open_group(dump, "slot", '{', true);
		number(dump, "owner_pid", FURLONG_OWNER_PID(owner));
		number(dump, "owner_namespace", FURLONG_OWNER_NAMESPACE(owner));
		number(dump, "sum", sum);
		close_group(dump, '}');
	}
	close_group(dump, ']');
}

static const char *kind_name(unsigned kind)
{
	static const char *const names[] = {"code", "expansion", "skipped", "gap", "branch"};
	return names[kind];
}

/* As in the shape: `0`, `c3` (counter), `e2` (expression). */
static const char *count_name(uint64_t count, char buffer[static 32])
{
	if (!count)
		return "0";
	snprintf(buffer, 32, "%c%" PRIu64, (count - 1) & 1 ? 'e' : 'c', (count - 1) >> 1);
	return buffer;
}

static void dump_region(struct dump *dump, const struct shape_region *region, struct counts *counts)
{
	char left[32], right[32], line[256];
	const struct fl_span *span = &region->span;
	int length = snprintf(line, sizeof line, "%s file %u %u:%u-%u:%u", kind_name(region->kind),
		region->file, span->start.line, span->start.column, span->end.line, span->end.column);
	if (region->kind == FURLONG_REGION_EXPANSION)
		snprintf(line + length, sizeof line - (size_t)length, " -> file %u", region->expanded);
	else if (region->kind == FURLONG_REGION_BRANCH)
		snprintf(line + length, sizeof line - (size_t)length,
			" true %s=%" PRIu64 " false %s=%" PRIu64, count_name(region->count, left),
			fl_counts_value(counts, region->count), count_name(region->count_false, right),
			fl_counts_value(counts, region->count_false));
	else if (region->kind != FURLONG_REGION_SKIPPED)
		snprintf(line + length, sizeof line - (size_t)length, " %s=%" PRIu64,
			count_name(region->count, left), fl_counts_value(counts, region->count));
	text(dump, NULL, line, strlen(line));
}

static void dump_shape(
	struct dump *dump, const struct shape *shape, const struct file_table *table, struct counts *counts)
{
	text(dump, "name", shape->name, shape->name_length);
	number(dump, "flags", shape->flags);
	open_group(dump, "files", '[', false);
	for (size_t i = 0; i < shape->file_count; i++) {
		const struct table_file *file =
			shape->files[i] < table->count ? &table->items[shape->files[i]] : NULL;
		text(dump, NULL, file ? file->path : "?", file ? file->path_length : 1);
	}
	close_group(dump, ']');
	open_group(dump, "expressions", '[', false);
	for (size_t i = 0; i < shape->expression_count; i++) {
		char left[32], right[32], line[128];
		const struct shape_expression *expression = &shape->expressions[i];
		int length =
			snprintf(line, sizeof line, "e%zu = %s %c %s", i, count_name(expression->left, left),
				expression->add ? '+' : '-', count_name(expression->right, right));
		text(dump, NULL, line, (size_t)length);
	}
	close_group(dump, ']');
	open_group(dump, "regions", '[', false);
	for (size_t i = 0; i < shape->region_count; i++)
		dump_region(dump, &shape->regions[i], counts);
	close_group(dump, ']');
}

struct buffers {
	struct shape shape;
	struct file_table table;
	struct counts counts;
};

static void dump_function(struct dump *dump, const struct fl_data *data, size_t index, const uint64_t *sums,
	struct buffers *buffers)
{
	struct fl_data_function function;
	const char *wrong = fl_data_function(data, index, &function);
	if (!wrong)
		wrong = fl_shape_decode(
			&buffers->shape, data->map, data->map_bytes, function.shape, function.counter_count);
	if (!wrong)
		wrong = fl_file_table_decode(&buffers->table, data->map, data->map_bytes, function.files);
	open_group(dump, "function", '{', true);
	number(dump, "first_counter", function.first_counter);
	number(dump, "counter_count", function.counter_count);
	if (wrong) {
		text(dump, "wrong", wrong, strlen(wrong));
	} else {
		fl_counts_begin(&buffers->counts, &buffers->shape,
			sums && function.counter_count ? sums + function.first_counter : NULL);
		dump_shape(dump, &buffers->shape, &buffers->table, &buffers->counts);
	}
	close_group(dump, '}');
}

static void dump_data(struct dump *dump, const struct fl_data *data)
{
	struct buffers buffers = {0};
	uint64_t *sums = NULL;
	if (data->header.slots_used) {
		sums = fl_resize(NULL, fl_data_counters(data) + 1, sizeof *sums);
		fl_data_sum(data, sums);
	}
	open_group(dump, data->path, '{', true);
	if (dump->as_json)
		text(dump, "file", data->path, strlen(data->path));
	text(dump, "module", data->module, strlen(data->module));
	text(dump, "label", data->label, strlen(data->label));
	dump_header(dump, data);
	number(dump, "missing_slots", data->missing_slots);
	dump_slots(dump, data);
	open_group(dump, "functions", '[', false);
	for (size_t i = 0; i < data->function_count; i++)
		dump_function(dump, data, i, sums, &buffers);
	close_group(dump, ']');
	close_group(dump, '}');
	if (dump->as_json)
		putc('\n', dump->out);
	free(sums);
	fl_shape_free(&buffers.shape);
	fl_file_table_free(&buffers.table);
	fl_counts_free(&buffers.counts);
}

int fl_dump(const char *path, bool as_json, FILE *out, struct fl_error *error)
{
	struct fl_data data;
	if (fl_races_is_file(path))
		return fl_dump_race(path, as_json, out, error);
	if (fl_data_open(&data, path, error))
		return -1;
	struct dump dump = {.out = out, .json = {.stream = out}, .as_json = as_json};
	dump_data(&dump, &data);
	fl_data_close(&data);
	return 0;
}
