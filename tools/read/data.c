/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * data.c: see data.h; the layout is described in format.h.
 */
#include "read/data.h"

#include <errno.h>
#include <furlong/abi.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "util/memory.h"

static int broken(const struct fl_data *data, struct fl_error *error, const char *what)
{
	return fl_error_set(
		error, FL_EXIT_DATA, "%s: %s; remove it and run the program again", data->path, what);
}

static bool inside(const struct fl_data *data, uint64_t offset, uint64_t length)
{
	return offset <= data->bytes.size && length <= data->bytes.size - offset;
}

static char *copy_text(const struct fl_data *data, uint64_t offset, uint32_t length)
{
	char *text = fl_alloc((size_t)length + 1);
	memcpy(text, data->bytes.data + offset, length);
	return text;
}

static int check_header(struct fl_data *data, struct fl_error *error)
{
	struct furlong_data_header *header = &data->header;
	size_t size = data->bytes.size, magic = sizeof header->magic;
	if (size < magic || memcmp(data->bytes.data, FURLONG_DATA_MAGIC, magic))
		return fl_error_set(error, FL_EXIT_DATA, "%s: not a Furlong data file", data->path);
	if (size < sizeof *header)
		return broken(data, error, "cut off within its header");
	memcpy(header, data->bytes.data, sizeof *header);
	if (header->version != FURLONG_DATA_VERSION)
		return fl_error_set(error, FL_EXIT_DATA,
			"%s: data of version %u, and this furlong reads version %u; use the furlong that "
			"came with "
			"the runtime",
			data->path, header->version, FURLONG_DATA_VERSION);
	if (header->header_bytes < sizeof *header)
		return broken(data, error, "its header is too short");
	return 0;
}

static int check_slots(struct fl_data *data, struct fl_error *error)
{
	struct furlong_data_header *header = &data->header;
	if ((header->counters_bytes | header->slot_head | header->slots_offset | header->slot_stride) % 8)
		return broken(data, error, "its counters are misaligned");
	if (header->slots_used > header->slot_capacity || header->slot_head > header->slot_stride ||
		header->counters_bytes > header->slot_stride - header->slot_head)
		return broken(data, error, "its slots contradict each other");
	uint64_t all;
	if (__builtin_mul_overflow(header->slot_stride, header->slots_used, &all) ||
		__builtin_add_overflow(all, header->slots_offset, &all))
		return broken(data, error, "its slots are impossibly large");
	if (header->counters_bytes > SIZE_MAX / 2 || (header->slots_used && header->counters_bytes > all))
		return broken(data, error, "its counters are impossibly many");
	return 0;
}

/* How many used slots the file ends before. */
static uint64_t count_missing(const struct fl_data *data)
{
	const struct furlong_data_header *header = &data->header;
	uint64_t first_end = header->slots_offset + header->slot_head + header->counters_bytes;
	if (!header->counters_bytes || !header->slots_used)
		return 0;
	uint64_t whole =
		data->bytes.size < first_end ? 0 : (data->bytes.size - first_end) / header->slot_stride + 1;
	return whole < header->slots_used ? header->slots_used - whole : 0;
}

static int check_tables(struct fl_data *data, struct fl_error *error)
{
	struct furlong_data_header *header = &data->header;
	if (!inside(data, header->path_offset, (uint64_t)header->path_bytes + header->label_bytes) ||
		!inside(data, header->functions_offset, header->functions_bytes) ||
		!inside(data, header->map_offset, header->map_bytes) ||
		!inside(data, header->owners_offset, 8u * (uint64_t)header->slot_capacity))
		return broken(data, error, "cut off within its tables");
	if (header->functions_bytes % sizeof(struct furlong_coverage_function))
		return broken(
			data, error, "its functions have another size: runtime and tool differ in version");
	data->functions = data->bytes.data + header->functions_offset;
	data->function_count = header->functions_bytes / sizeof(struct furlong_coverage_function);
	data->map = data->bytes.data + header->map_offset;
	data->map_bytes = header->map_bytes;
	data->module = copy_text(data, header->path_offset, header->path_bytes);
	data->label = copy_text(data, header->path_offset + header->path_bytes, header->label_bytes);
	return 0;
}

int fl_data_open_bytes(struct fl_data *data, const char *path, struct fl_bytes bytes, struct fl_error *error)
{
	*data = (struct fl_data){.path = path, .bytes = bytes};
	if (check_header(data, error) || check_slots(data, error) || check_tables(data, error))
		return -1;
	const struct furlong_data_header *header = &data->header;
	if (header->slots_used && header->counters_bytes &&
		(header->counters_bytes > bytes.size ||
			!inside(data, header->slots_offset + header->slot_head, 8)))
		return broken(data, error, "cut off before its counters");
	data->missing_slots = count_missing(data);
	return 0;
}

static int64_t modified(const char *path)
{
	struct stat st;
	return stat(path, &st) ? 0 : (int64_t)st.st_mtim.tv_sec * 1000000000 + st.st_mtim.tv_nsec;
}

int fl_data_open(struct fl_data *data, const char *path, struct fl_error *error)
{
	struct fl_bytes bytes;
	*data = (struct fl_data){0};
	if (fl_bytes_map(path, &bytes))
		return fl_error_set(error, FL_EXIT_DATA, "cannot read %s: %s", path, strerror(errno));
	int result = bytes.size >= 4 && !memcmp(bytes.data, "\177ELF", 4)
			     ? (fl_bytes_unmap(&bytes), fl_data_open_binary(data, path, error))
			     : fl_data_open_bytes(data, path, bytes, error);
	data->modified = modified(path);
	if (result)
		fl_data_close(data);
	return result;
}

void fl_data_close(struct fl_data *data)
{
	free(data->module);
	free(data->label);
	fl_bytes_unmap(&data->bytes);
	*data = (struct fl_data){0};
}

size_t fl_data_counters(const struct fl_data *data)
{
	return data->header.counters_bytes / 8;
}

void fl_data_add(const struct fl_data *data, uint64_t *sums)
{
	const struct furlong_data_header *header = &data->header;
	for (uint32_t slot = 0; slot < header->slots_used; slot++) {
		uint64_t begin = header->slots_offset + header->slot_stride * slot + header->slot_head;
		if (begin >= data->bytes.size)
			break;
		uint64_t left = data->bytes.size - begin;
		size_t count = (left < header->counters_bytes ? left : header->counters_bytes) / 8;
		const uint64_t *counters = (const void *)(data->bytes.data + begin);
		for (size_t i = 0; i < count; i++)
			sums[i] += counters[i];
	}
}

void fl_data_sum(const struct fl_data *data, uint64_t *sums)
{
	memset(sums, 0, data->header.counters_bytes);
	fl_data_add(data, sums);
}

static bool same_bytes(const void *left, size_t left_bytes, const void *right, size_t right_bytes)
{
	return left_bytes == right_bytes && !memcmp(left, right, left_bytes);
}

bool fl_data_are_twins(const struct fl_data *left, const struct fl_data *right)
{
	const struct furlong_data_header *a = &left->header, *b = &right->header;
	return a->module_id == b->module_id && a->counters_bytes == b->counters_bytes &&
	       a->functions_to_counters == b->functions_to_counters &&
	       a->functions_to_map == b->functions_to_map &&
	       same_bytes(left->functions, a->functions_bytes, right->functions, b->functions_bytes) &&
	       same_bytes(left->map, left->map_bytes, right->map, right->map_bytes);
}

/* The offset in another section that a relative reference at `field` (an offset in furlong_fn) leads to,
 * when that section begins `distance` after furlong_fn. */
static uint64_t follow(uint64_t field, int64_t reference, int64_t distance)
{
	return field + (uint64_t)reference - (uint64_t)distance;
}

const char *fl_data_function(const struct fl_data *data, size_t index, struct fl_data_function *function)
{
	struct furlong_coverage_function entry;
	uint64_t base = index * sizeof entry;
	memcpy(&entry, data->functions + base, sizeof entry);
	uint64_t counters = follow(base + offsetof(struct furlong_coverage_function, counters),
		entry.counters, data->header.functions_to_counters);
	function->counter_count = entry.counter_count;
	function->first_counter = counters / 8;
	function->shape = follow(base + offsetof(struct furlong_coverage_function, shape), entry.shape,
		data->header.functions_to_map);
	function->files = follow(base + offsetof(struct furlong_coverage_function, files), entry.files,
		data->header.functions_to_map);
	if (!entry.counter_count)
		return NULL;
	size_t all = fl_data_counters(data);
	if (counters % 8 || function->first_counter > all ||
		entry.counter_count > all - function->first_counter)
		return "its counters are outside the table";
	return NULL;
}
