/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * symbols_object.c: see symbols_object.h.
 *
 * A list of address ranges of compilation units is made here, as clang writes no .debug_aranges.
 */
#include "read/symbols_object.h"

#include <dwarf.h>
#include <elfutils/libdwelf.h>
#include <elfutils/libdwfl.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "read/symbols_table.h"
#include "read/symbols_types.h"
#include "read/symbols_unit.h"
#include "util/memory.h"
#include "util/sorted.h"

#define FUNCTIONS_LIMIT 64 /* one inlined into the other */

struct unit_range {
	uint64_t begin, end; /* in the DWARF's addresses */
	struct fl_symbols_unit *unit;
};

struct fl_symbols_object {
	Dwfl *dwfl;
	Dwfl_Module *module;
	uint64_t bias;                  /* libdwfl's address minus the ELF address */
	struct fl_symbols_table *table; /* NULL: not asked for yet */
	struct fl_symbols_unit **units;
	size_t unit_count, unit_capacity;
	struct unit_range *ranges;
	size_t range_count, range_capacity;
	bool looked_for_dwarf;
	uint64_t dwarf_bias;
};

static int find_nothing(
	Dwfl_Module *module, void **user, const char *name, Dwarf_Addr base, char **file_name, Elf **elf)
{
	(void)module, (void)user, (void)name, (void)base, (void)file_name, (void)elf;
	return -1;
}

static const Dwfl_Callbacks callbacks = {
	.find_elf = find_nothing,
	.find_debuginfo = dwfl_standard_find_debuginfo,
	.section_address = dwfl_offline_section_address,
};

/* ---- opening ------------------------------------------------------------------------------------- */

static const char *hex_of(const unsigned char *bytes, size_t length, struct fl_arena *arena)
{
	static const char digits[] = "0123456789abcdef";
	char *text = fl_arena_alloc(arena, 2 * length + 1);
	for (size_t i = 0; i < length; i++) {
		text[2 * i] = digits[bytes[i] >> 4];
		text[2 * i + 1] = digits[bytes[i] & 15];
	}
	return text;
}

/* Whether this ELF file is the one that ran. */
static const char *compare(Elf *elf, const char *build_id, struct fl_arena *arena)
{
	const void *bytes;
	if (!elf || elf_kind(elf) != ELF_K_ELF)
		return "it is not an ELF file";
	if (!*build_id)
		return NULL;
	ssize_t length = dwelf_elf_gnu_build_id(elf, &bytes);
	if (length <= 0)
		return "it has no build id, and what ran had one";
	return strcmp(hex_of(bytes, (size_t)length, arena), build_id) ? "it was built anew since" : NULL;
}

static const char *check(const char *path, const char *build_id, struct fl_arena *arena)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
	if (fd < 0)
		return strerror(errno);
	elf_version(EV_CURRENT);
	Elf *elf = elf_begin(fd, ELF_C_READ_MMAP, NULL);
	const char *why = compare(elf, build_id, arena);
	elf_end(elf);
	close(fd);
	return why;
}

/* What debug packages install: symbols and DWARF without code. */
static const char *debug_file(const char *build_id, struct fl_arena *arena)
{
	return fl_arena_format(arena, "/usr/lib/debug/.build-id/%.2s/%s.debug", build_id, build_id + 2);
}

struct fl_symbols_object *fl_symbols_object_open(
	const char *path, const char *build_id, struct fl_arena *arena, const char **why)
{
	*why = check(path, build_id, arena);
	if (*why && strlen(build_id) > 2) {
		path = debug_file(build_id, arena);
		if (check(path, build_id, arena))
			return NULL;
	} else if (*why) {
		return NULL;
	}
	struct fl_symbols_object *object = fl_alloc(sizeof *object);
	GElf_Addr bias = 0;
	*why = NULL;
	object->dwfl = dwfl_begin(&callbacks);
	if (object->dwfl) {
		dwfl_report_begin(object->dwfl);
		object->module = dwfl_report_offline(object->dwfl, "", path, -1);
		dwfl_report_end(object->dwfl, NULL, NULL);
	}
	if (!object->module || !dwfl_module_getelf(object->module, &bias)) {
		*why = dwfl_errmsg(-1);
		fl_symbols_object_close(object);
		return NULL;
	}
	object->bias = bias;
	return object;
}

void fl_symbols_object_close(struct fl_symbols_object *object)
{
	for (size_t i = 0; i < object->unit_count; i++)
		fl_symbols_unit_free(object->units[i]);
	if (object->table)
		fl_symbols_table_free(object->table);
	if (object->dwfl)
		dwfl_end(object->dwfl);
	free(object->units);
	free(object->ranges);
	free(object);
}

/* ---- from an address to its unit ------------------------------------------------------------------ */

static int compare_ranges(const void *a, const void *b)
{
	const struct unit_range *left = a, *right = b;
	return (left->begin > right->begin) - (left->begin < right->begin);
}

static void add_unit(struct fl_symbols_object *object, Dwarf_Die *die)
{
	struct fl_symbols_unit *unit = NULL;
	Dwarf_Addr base, begin, end;
	for (ptrdiff_t i = 0; (i = dwarf_ranges(die, i, &base, &begin, &end)) > 0;) {
		if (begin >= end)
			continue;
		if (!unit)
			*FL_PUSH(object->units, object->unit_count, object->unit_capacity) = unit =
				fl_symbols_unit_new(die);
		*FL_PUSH(object->ranges, object->range_count, object->range_capacity) =
			(struct unit_range){begin, end, unit};
	}
}

static void look_for_dwarf(struct fl_symbols_object *object)
{
	Dwarf_Addr bias = 0;
	Dwarf_Off next, at = 0;
	size_t header;
	object->looked_for_dwarf = true;
	Dwarf *dwarf = dwfl_module_getdwarf(object->module, &bias);
	object->dwarf_bias = bias;
	for (; dwarf && !dwarf_nextcu(dwarf, at, &next, &header, NULL, NULL, NULL); at = next) {
		Dwarf_Die unit;
		if (dwarf_offdie(dwarf, at + header, &unit))
			add_unit(object, &unit);
	}
	if (object->range_count)
		qsort(object->ranges, object->range_count, sizeof *object->ranges, compare_ranges);
}

static struct fl_symbols_unit *unit_of(struct fl_symbols_object *object, uint64_t address)
{
	size_t upto = fl_sorted_upto(object->ranges, object->range_count, sizeof *object->ranges, address);
	return upto && address < object->ranges[upto - 1].end ? object->ranges[upto - 1].unit : NULL;
}

/* ---- from the unit to lines -------------------------------------------------------------------------- */

static const char *absolute(Dwarf_Die *unit, const char *file, struct fl_arena *arena)
{
	Dwarf_Attribute attribute;
	const char *directory;
	if (!file || *file == '/')
		return file;
	directory = dwarf_formstring(dwarf_attr(unit, DW_AT_comp_dir, &attribute));
	return directory && *directory == '/' ? fl_arena_format(arena, "%s/%s", directory, file) : file;
}

static const char *name_of(Dwarf_Die *function)
{
	Dwarf_Attribute attribute;
	const char *name = dwarf_formstring(dwarf_attr_integrate(function, DW_AT_linkage_name, &attribute));
	if (!name)
		name = dwarf_formstring(dwarf_attr_integrate(function, DW_AT_MIPS_linkage_name, &attribute));
	return name ? name : dwarf_formstring(dwarf_attr_integrate(function, DW_AT_name, &attribute));
}

static void innermost_line(
	Dwarf_Die *unit, uint64_t address, struct fl_symbols_line *line, struct fl_arena *arena)
{
	Dwarf_Line *found = dwarf_getsrc_die(unit, address);
	int number;
	if (!found)
		return;
	line->file = absolute(unit, dwarf_linesrc(found, NULL, NULL), arena);
	if (!dwarf_lineno(found, &number))
		line->line = (uint32_t)number;
	if (!dwarf_linecol(found, &number))
		line->column = (uint32_t)number;
}

static Dwarf_Word constant(Dwarf_Die *die, unsigned name)
{
	Dwarf_Attribute attribute;
	Dwarf_Word value = 0;
	return dwarf_formudata(dwarf_attr(die, name, &attribute), &value) ? 0 : value;
}

/* Where an inlined function was called: the line of the function around it. */
static void call_line(
	Dwarf_Die *unit, Dwarf_Die *inlined, struct fl_symbols_line *line, struct fl_arena *arena)
{
	Dwarf_Files *files;
	size_t count;
	Dwarf_Word file = constant(inlined, DW_AT_call_file);
	if (!dwarf_getsrcfiles(unit, &files, &count) && file < count)
		line->file = absolute(unit, dwarf_filesrc(files, file, NULL, NULL), arena);
	line->line = (uint32_t)constant(inlined, DW_AT_call_line);
	line->column = (uint32_t)constant(inlined, DW_AT_call_column);
}

static struct fl_symbols_table *table_of(struct fl_symbols_object *object)
{
	if (!object->table)
		object->table = fl_symbols_table_new(object->module);
	return object->table;
}

/* In the end also labels of assembly, which have no size. */
static const char *symbol_of(struct fl_symbols_object *object, uint64_t address)
{
	GElf_Off offset;
	GElf_Addr begin;
	GElf_Sym symbol;
	const char *name = fl_symbols_table_at(table_of(object), address + object->bias, &symbol, &begin);
	if (!name)
		name = dwfl_module_addrinfo(
			object->module, address + object->bias, &offset, &symbol, NULL, NULL, NULL);
	bool of_code = GELF_ST_TYPE(symbol.st_info) == STT_FUNC ||
		       GELF_ST_TYPE(symbol.st_info) == STT_GNU_IFUNC ||
		       GELF_ST_TYPE(symbol.st_info) == STT_NOTYPE;
	return name && *name && of_code ? name : NULL;
}

/* Line tables alone have the bare names of C++ functions; a symbol says more. */
static bool is_full(const char *name)
{
	return name && !strncmp(name, "_Z", 2);
}

static bool is_function(int tag)
{
	return tag == DW_TAG_subprogram || tag == DW_TAG_inlined_subroutine;
}

static bool is_scope(int tag)
{
	return is_function(tag) || tag == DW_TAG_lexical_block || tag == DW_TAG_try_block ||
	       tag == DW_TAG_catch_block;
}

/* What was inlined around an address, outermost first. Not dwarf_getscopes: what the linker inlined has its
 * origin in another unit, where that does not look. */
static size_t inlined_at(Dwarf_Die *within, uint64_t address, Dwarf_Die *found, size_t count)
{
	Dwarf_Die child;
	if (dwarf_child(within, &child))
		return count;
	do {
		int tag = dwarf_tag(&child);
		if (!is_scope(tag) || dwarf_haspc(&child, address) <= 0)
			continue;
		if (is_function(tag) && count == FUNCTIONS_LIMIT)
			return count;
		if (is_function(tag))
			found[count++] = child;
		return inlined_at(&child, address, found, count);
	} while (!dwarf_siblingof(&child, &child));
	return count;
}

/* With the function that all of it was inlined into as the first. */
static size_t functions_at(struct fl_symbols_unit *unit, uint64_t address, Dwarf_Die *found)
{
	return fl_symbols_unit_function(unit, address, &found[0]) ? inlined_at(&found[0], address, found, 1)
								  : 0;
}

size_t fl_symbols_object_lines(struct fl_symbols_object *object, uint64_t address,
	struct fl_symbols_line *lines, size_t limit, struct fl_arena *arena)
{
	size_t count = 0;
	Dwarf_Die functions[FUNCTIONS_LIMIT];
	if (!object->looked_for_dwarf)
		look_for_dwarf(object);
	uint64_t dwarf_address = address + object->bias - object->dwarf_bias;
	struct fl_symbols_unit *unit = unit_of(object, dwarf_address);
	size_t depth = unit ? functions_at(unit, dwarf_address, functions) : 0;
	memset(lines, 0, limit * sizeof *lines);
	if (unit)
		innermost_line(fl_symbols_unit_die(unit), dwarf_address, &lines[0], arena);
	while (depth-- && count < limit) {
		lines[count].function = name_of(&functions[depth]);
		lines[count].inlined = dwarf_tag(&functions[depth]) == DW_TAG_inlined_subroutine;
		count++;
		if (!lines[count - 1].inlined)
			break;
		if (count < limit)
			call_line(fl_symbols_unit_die(unit), &functions[depth], &lines[count], arena);
	}
	if (!count || lines[count - 1].inlined || !is_full(lines[count - 1].function)) {
		const char *name = symbol_of(object, address);
		if (count && !lines[count - 1].inlined && lines[count - 1].function &&
			!(name && is_full(name)))
			return count;
		if (count && !lines[count - 1].inlined)
			lines[count - 1].function = name;
		else if (count < limit && (name || lines[count].file))
			lines[count++].function = name;
	}
	return count;
}

const char *fl_symbols_object_variable(
	struct fl_symbols_object *object, uint64_t address, uint64_t *begin, uint64_t *size)
{
	GElf_Addr first;
	GElf_Sym symbol;
	const char *name = fl_symbols_table_at(table_of(object), address + object->bias, &symbol, &first);
	if (!name || GELF_ST_TYPE(symbol.st_info) != STT_OBJECT)
		return NULL;
	*begin = first - object->bias;
	*size = symbol.st_size;
	return name;
}

void fl_symbols_object_field(struct fl_symbols_object *object, uint64_t address,
	const struct fl_expression *expression, uint64_t size, struct fl_subject *subject,
	struct fl_arena *arena)
{
	Dwarf_Die functions[FUNCTIONS_LIMIT];
	if (!object->looked_for_dwarf)
		look_for_dwarf(object);
	uint64_t dwarf_address = address + object->bias - object->dwarf_bias;
	struct fl_symbols_unit *unit = unit_of(object, dwarf_address);
	size_t depth = unit ? functions_at(unit, dwarf_address, functions) : 0;
	if (unit)
		fl_symbols_types_field(subject, expression, unit, depth ? &functions[depth - 1] : NULL,
			dwarf_address, size, arena);
}

void fl_symbols_object_part(struct fl_symbols_object *object, const char *variable, uint64_t offset,
	uint64_t size, struct fl_subject *subject, struct fl_arena *arena)
{
	if (!object->looked_for_dwarf)
		look_for_dwarf(object);
	for (size_t i = 0; i < object->unit_count; i++)
		if (fl_symbols_types_part(subject, object->units[i], variable, offset, size, arena))
			return;
}
