/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * binary.c: an instrumented binary's own tables, for what was never run at all.
 */
#include <errno.h>
#include <fcntl.h>
#include <furlong/abi.h>
#include <gelf.h>
#include <libelf.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "read/data.h"
#include "util/memory.h"

struct section {
	uint64_t address, bytes;
	const void *contents; /* NULL: none, or all zero */
};

struct sections {
	struct section counters, functions, map;
};

static struct section *wanted(struct sections *sections, const char *name)
{
	if (!strcmp(name, FURLONG_SECTION_COUNTERS))
		return &sections->counters;
	if (!strcmp(name, FURLONG_SECTION_FUNCTIONS))
		return &sections->functions;
	if (!strcmp(name, FURLONG_SECTION_MAP))
		return &sections->map;
	return NULL;
}

static void find_sections(Elf *elf, struct sections *sections)
{
	size_t names;
	if (elf_getshdrstrndx(elf, &names))
		return;
	for (Elf_Scn *scn = NULL; (scn = elf_nextscn(elf, scn));) {
		GElf_Shdr header;
		const char *name = gelf_getshdr(scn, &header) ? elf_strptr(elf, names, header.sh_name) : NULL;
		struct section *section = name ? wanted(sections, name) : NULL;
		if (!section)
			continue;
		Elf_Data *contents = header.sh_type == SHT_NOBITS ? NULL : elf_rawdata(scn, NULL);
		section->address = header.sh_addr;
		section->bytes = contents ? contents->d_size : header.sh_size;
		section->contents = contents ? contents->d_buf : NULL;
	}
}

/* Of 32 bits, the upper halves are not the linker's to fill in. */
static void widen(uint8_t *functions, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		struct furlong_coverage_function entry;
		memcpy(&entry, functions + i * sizeof entry, sizeof entry);
		entry.counters = (int32_t)entry.counters;
		entry.shape = (int32_t)entry.shape;
		entry.files = (int32_t)entry.files;
		memcpy(functions + i * sizeof entry, &entry, sizeof entry);
	}
}

/* What firmware wrote of its counters, or a debugger read: PATH.counters, any number of times one after
 * another. */
static int take_counters(struct fl_data *data, struct fl_error *error)
{
	size_t length = strlen(data->path);
	char *path = fl_alloc(length + sizeof FURLONG_COUNTERS_SUFFIX);
	memcpy(path, data->path, length);
	strcpy(path + length, FURLONG_COUNTERS_SUFFIX);
	struct fl_bytes bytes;
	int result = 0;
	if (!access(path, F_OK) && fl_bytes_map(path, &bytes)) {
		result = fl_error_set(error, FL_EXIT_DATA, "cannot read %s: %s", path, strerror(errno));
	} else if (!access(path, F_OK)) {
		uint64_t size = data->header.counters_bytes;
		data->bytes = bytes;
		data->header.slot_stride = size;
		if (!size || !bytes.size || bytes.size % size || bytes.size / size > UINT32_MAX)
			result = fl_error_set(error, FL_EXIT_DATA,
				"%s has %zu bytes, which is no multiple of the %zu that %s counts in", path,
				bytes.size, (size_t)size, data->path);
		else
			data->header.slots_used = (uint32_t)(bytes.size / size);
	}
	free(path);
	return result;
}

/* Copies the tables into one block of memory, which the data owns as its `module`. */
static int take_tables(struct fl_data *data, const struct sections *sections, struct fl_error *error)
{
	const struct section *functions = &sections->functions, *map = &sections->map;
	if (!functions->bytes || !functions->contents || !map->contents)
		return fl_error_set(error, FL_EXIT_DATA,
			"%s: not built with the coverage flag: it has no coverage tables", data->path);
	if (functions->bytes % sizeof(struct furlong_coverage_function))
		return fl_error_set(error, FL_EXIT_DATA,
			"%s: built by another version of Furlong: its functions have another size",
			data->path);
	size_t path_bytes = strlen(data->path) + 1;
	data->module = fl_alloc(path_bytes + functions->bytes + map->bytes);
	char *tables = data->module + path_bytes;
	memcpy(data->module, data->path, path_bytes);
	memcpy(tables, functions->contents, functions->bytes);
	memcpy(tables + functions->bytes, map->contents, map->bytes);
	data->label = fl_alloc(1);
	data->functions = (const uint8_t *)tables;
	data->function_count = functions->bytes / sizeof(struct furlong_coverage_function);
	data->map = (const uint8_t *)tables + functions->bytes;
	data->map_bytes = map->bytes;
	data->header.counters_bytes = sections->counters.bytes / 8 * 8;
	data->header.functions_to_counters = (int64_t)(sections->counters.address - functions->address);
	data->header.functions_to_map = (int64_t)(map->address - functions->address);
	return 0;
}

int fl_data_open_binary(struct fl_data *data, const char *path, struct fl_error *error)
{
	*data = (struct fl_data){.path = path};
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return fl_error_set(error, FL_EXIT_DATA, "cannot read %s: %s", path, strerror(errno));
	elf_version(EV_CURRENT);
	Elf *elf = elf_begin(fd, ELF_C_READ_MMAP, NULL);
	GElf_Ehdr header;
	int result;
	if (!elf || elf_kind(elf) != ELF_K_ELF || !gelf_getehdr(elf, &header)) {
		result = fl_error_set(error, FL_EXIT_DATA, "%s: not a readable ELF file", path);
	} else if (header.e_type != ET_EXEC && header.e_type != ET_DYN) {
		result = fl_error_set(error, FL_EXIT_DATA,
			"%s: an object file; give the executable or the shared library", path);
	} else {
		struct sections sections = {0};
		find_sections(elf, &sections);
		result = take_tables(data, &sections, error);
		if (!result && header.e_ident[EI_CLASS] == ELFCLASS32)
			widen((uint8_t *)data->module + strlen(data->path) + 1, data->function_count);
		if (!result)
			result = take_counters(data, error);
	}
	elf_end(elf);
	close(fd);
	return result;
}
