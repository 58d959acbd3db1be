/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * inspect.c: see inspect.h.
 */
#include "read/inspect.h"

#include <errno.h>
#include <fcntl.h>
#include <furlong/abi.h>
#include <gelf.h>
#include <libelf.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "read/data.h"
#include "read/shape.h"

static const char runtime_name[] = "libfurlong_rt.so";
static const char *const runtime_symbols[] = {"__furlong_coverage_module", "__furlong_race_module"};

static void look_at_symbols(Elf *elf, Elf_Scn *scn, const GElf_Shdr *header, struct fl_inspection *inspection)
{
	Elf_Data *data = elf_getdata(scn, NULL);
	size_t count = data && header->sh_entsize ? header->sh_size / header->sh_entsize : 0;
	inspection->has_symbols |= header->sh_type == SHT_SYMTAB;
	for (size_t i = 0; i < count; i++) {
		GElf_Sym symbol;
		const char *name = gelf_getsym(data, (int)i, &symbol)
					   ? elf_strptr(elf, header->sh_link, symbol.st_name)
					   : NULL;
		for (size_t n = 0; n < sizeof runtime_symbols / sizeof *runtime_symbols; n++)
			if (name && symbol.st_shndx != SHN_UNDEF && !strcmp(name, runtime_symbols[n]))
				inspection->has_runtime = true;
	}
}

/* Programs name it by its absolute path. */
static void look_at_needed(const char *text, struct fl_inspection *inspection)
{
	const char *slash = strrchr(text, '/');
	if (strcmp(slash ? slash + 1 : text, runtime_name))
		return;
	inspection->needs_runtime = true;
	inspection->runtime_found = slash && !access(text, R_OK);
}

static void look_at_dynamic(Elf *elf, Elf_Scn *scn, const GElf_Shdr *header, struct fl_inspection *inspection)
{
	Elf_Data *data = elf_getdata(scn, NULL);
	size_t count = data && header->sh_entsize ? header->sh_size / header->sh_entsize : 0;
	for (size_t i = 0; i < count; i++) {
		GElf_Dyn entry;
		if (!gelf_getdyn(data, (int)i, &entry))
			break;
		bool wanted =
			entry.d_tag == DT_NEEDED || entry.d_tag == DT_RUNPATH || entry.d_tag == DT_RPATH;
		const char *text = wanted ? elf_strptr(elf, header->sh_link, entry.d_un.d_val) : NULL;
		if (!text)
			continue;
		if (entry.d_tag == DT_NEEDED)
			look_at_needed(text, inspection);
		else
			snprintf(inspection->runpath, sizeof inspection->runpath, "%s", text);
	}
}

static void look_at_sections(Elf *elf, struct fl_inspection *inspection)
{
	size_t names;
	if (elf_getshdrstrndx(elf, &names))
		return;
	for (Elf_Scn *scn = NULL; (scn = elf_nextscn(elf, scn));) {
		GElf_Shdr header;
		const char *name = gelf_getshdr(scn, &header) ? elf_strptr(elf, names, header.sh_name) : NULL;
		if (!name)
			continue;
		inspection->has_counters |= !strcmp(name, FURLONG_SECTION_COUNTERS);
		inspection->has_race |= !strcmp(name, FURLONG_SECTION_RACE);
		inspection->has_tables |= !strcmp(name, FURLONG_SECTION_FUNCTIONS);
		if (header.sh_type == SHT_SYMTAB || header.sh_type == SHT_DYNSYM)
			look_at_symbols(elf, scn, &header, inspection);
		if (header.sh_type == SHT_DYNAMIC)
			look_at_dynamic(elf, scn, &header, inspection);
	}
}

/* Looks along the runpath; `$ORIGIN` is the binary's own directory. */
static bool find_runtime(const char *path, const struct fl_inspection *inspection)
{
	const char *slash = strrchr(path, '/');
	for (const char *at = inspection->runpath; *at;) {
		size_t length = strcspn(at, ":"), origin = strncmp(at, "$ORIGIN", 7) ? 0 : 7;
		char candidate[4096];
		snprintf(candidate, sizeof candidate, "%.*s%.*s/%s",
			origin && slash ? (int)(slash - path) : 0, path, (int)(length - origin), at + origin,
			runtime_name);
		if (!access(candidate, R_OK))
			return true;
		at += length + (at[length] == ':');
	}
	return false;
}

static void look_at_tables(const char *path, struct fl_inspection *inspection)
{
	struct fl_data data;
	struct fl_error ignored;
	struct shape shape = {0};
	if (fl_data_open_binary(&data, path, &ignored)) {
		fl_data_close(&data);
		return;
	}
	inspection->functions = data.function_count;
	for (size_t i = 0; i < data.function_count; i++) {
		struct fl_data_function function;
		const char *wrong = fl_data_function(&data, i, &function);
		if (!wrong)
			wrong = fl_shape_decode(
				&shape, data.map, data.map_bytes, function.shape, function.counter_count);
		if (wrong && !inspection->unreadable++)
			inspection->wrong = wrong;
	}
	fl_shape_free(&shape);
	fl_data_close(&data);
}

int fl_inspect_binary(const char *path, struct fl_inspection *inspection, struct fl_error *error)
{
	*inspection = (struct fl_inspection){0};
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return fl_error_set(error, FL_EXIT_DATA, "cannot read %s: %s", path, strerror(errno));
	elf_version(EV_CURRENT);
	Elf *elf = elf_begin(fd, ELF_C_READ_MMAP, NULL);
	GElf_Ehdr header;
	int result = 0;
	if (!elf || elf_kind(elf) != ELF_K_ELF || !gelf_getehdr(elf, &header)) {
		result = fl_error_set(error, FL_EXIT_DATA, "%s: not a readable ELF file", path);
	} else {
		inspection->is_linked = header.e_type == ET_EXEC || header.e_type == ET_DYN;
		look_at_sections(elf, inspection);
	}
	elf_end(elf);
	close(fd);
	if (!result && inspection->is_linked && inspection->has_tables)
		look_at_tables(path, inspection);
	inspection->runtime_found |= find_runtime(path, inspection);
	return result;
}
