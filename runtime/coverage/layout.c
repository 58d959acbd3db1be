/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * layout.c: a module's tables as they stand in a data file.
 */
#include "coverage/coverage.h"

#include <string.h>

#define SLOT_CAPACITY 65536

static uint64_t bytes_between(const void *begin, const void *end)
{
	return (uint64_t)((const char *)end - (const char *)begin);
}

static uint64_t round_up(uint64_t value, uint64_t unit)
{
	return (value + unit - 1) / unit * unit;
}

static uint64_t mix_word(uint64_t hash, uint64_t word)
{
	hash = (hash ^ word) * 0x9e3779b97f4a7c15u;
	return hash ^ hash >> 29;
}

/* Equal ids must have equal tables, and equal places of the counters in their pages. */
uint64_t fl_layout_id(const struct furlong_coverage_module *t, size_t page)
{
	uint64_t hash = mix_word(FURLONG_DATA_VERSION, page);

	for (const uint64_t *id = t->ids_begin; id < t->ids_end; id++)
		hash = mix_word(hash, *id);
	hash = mix_word(hash, bytes_between(t->counters_begin, t->counters_end));
	hash = mix_word(hash, bytes_between(t->functions_begin, t->functions_end));
	hash = mix_word(hash, bytes_between(t->map_begin, t->map_end));
	hash = mix_word(hash, bytes_between(t->functions_begin, t->counters_begin));
	hash = mix_word(hash, bytes_between(t->functions_begin, t->map_begin));
	return mix_word(hash, (uintptr_t)t->counters_begin % page);
}

static struct furlong_data_header make_header(const struct fl_module *module, const char *label)
{
	const struct furlong_coverage_module *t = &module->tables;
	uint64_t page = fl_sys_page_size();
	struct furlong_data_header h = {
		.version = FURLONG_DATA_VERSION,
		.header_bytes = sizeof(h),
		.module_id = module->id,
		.counters_bytes = bytes_between(t->counters_begin, t->counters_end),
		.slot_head = (uintptr_t)t->counters_begin % page,
		.slot_capacity = SLOT_CAPACITY,
		.slots_used = 1,
		.functions_bytes = bytes_between(t->functions_begin, t->functions_end),
		.map_bytes = bytes_between(t->map_begin, t->map_end),
		.functions_to_counters = (int64_t)bytes_between(t->functions_begin, t->counters_begin),
		.functions_to_map = (int64_t)bytes_between(t->functions_begin, t->map_begin),
		.path_offset = sizeof(h),
		.path_bytes = (uint32_t)strlen(module->path),
		.label_bytes = (uint32_t)strlen(label),
	};

	memcpy(h.magic, FURLONG_DATA_MAGIC, sizeof(h.magic));
	h.slot_stride = round_up(h.slot_head + h.counters_bytes, page);
	h.functions_offset = round_up(h.path_offset + h.path_bytes + h.label_bytes, 8);
	h.map_offset = round_up(h.functions_offset + h.functions_bytes, 8);
	h.owners_offset = round_up(h.map_offset + h.map_bytes, page);
	h.slots_offset = round_up(h.owners_offset + (uint64_t)h.slot_capacity * sizeof(uint64_t), page);
	return h;
}

int fl_layout_write(int fd, const struct fl_module *module, const char *label)
{
	struct furlong_data_header h = make_header(module, label);
	const struct furlong_coverage_module *t = &module->tables;
	const struct {
		const void *from;
		uint64_t size, offset;
	} parts[] = {
		{&h, sizeof(h), 0},
		{module->path, h.path_bytes, h.path_offset},
		{label, h.label_bytes, h.path_offset + h.path_bytes},
		{t->functions_begin, h.functions_bytes, h.functions_offset},
		{t->map_begin, h.map_bytes, h.map_offset},
	};
	const uint64_t common = FURLONG_OWNER_COMMON;
	int rc = 0;

	for (size_t i = 0; i < sizeof(parts) / sizeof(*parts) && !rc; i++)
		rc = fl_sys_pwrite_all(fd, parts[i].from, parts[i].size, parts[i].offset);
	/* The first page of owners, and the common slot. */
	if (!rc)
		rc = fl_sys_pwrite_all(fd, &common, sizeof(common), h.owners_offset);
	if (!rc)
		rc = fl_sys_allocate(fd, 0, h.owners_offset + fl_sys_page_size());
	if (!rc)
		rc = fl_sys_allocate(fd, h.slots_offset, h.slot_stride);
	return rc;
}

bool fl_layout_matches(const struct furlong_data_header *have, const struct fl_module *module)
{
	struct furlong_data_header want = make_header(module, "");

	return !memcmp(have->magic, want.magic, sizeof(want.magic)) && have->version == want.version &&
	       have->module_id == want.module_id && have->counters_bytes == want.counters_bytes &&
	       have->slot_head == want.slot_head && have->slot_stride == want.slot_stride &&
	       have->functions_bytes == want.functions_bytes && have->map_bytes == want.map_bytes &&
	       have->slot_capacity && have->owners_offset % sizeof(uint64_t) == 0 &&
	       have->slots_offset % fl_sys_page_size() == 0 &&
	       have->owners_offset + (uint64_t)have->slot_capacity * sizeof(uint64_t) <= have->slots_offset;
}
