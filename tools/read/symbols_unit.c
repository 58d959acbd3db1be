/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * symbols_unit.c: see symbols_unit.h.
 */
#include "read/symbols_unit.h"

#include <dwarf.h>
#include <stdlib.h>
#include <string.h>

#include "util/map.h"
#include "util/memory.h"
#include "util/sorted.h"

struct code {
	uint64_t begin, end;
	Dwarf_Die function;
};

struct fl_symbols_unit {
	Dwarf_Die die;
	bool read;
	struct code *code; /* by its begin; of what begins at one place, the first in the unit stands last */
	size_t code_count, code_capacity;
	struct fl_arena *arena; /* of the names */
	struct fl_map names;    /* to an index of variables */
	Dwarf_Die *variables;
	size_t variable_count, variable_capacity;
};

struct fl_symbols_unit *fl_symbols_unit_new(const Dwarf_Die *die)
{
	struct fl_symbols_unit *unit = fl_alloc(sizeof *unit);
	unit->die = *die;
	return unit;
}

void fl_symbols_unit_free(struct fl_symbols_unit *unit)
{
	if (unit->read) {
		fl_map_free(&unit->names);
		fl_arena_free(unit->arena);
	}
	free(unit->code);
	free(unit->variables);
	free(unit);
}

Dwarf_Die *fl_symbols_unit_die(struct fl_symbols_unit *unit)
{
	return &unit->die;
}

/* ---- reading it -----------------------------------------------------------------------------------------
 */

static void note_name(struct fl_symbols_unit *unit, const char *name)
{
	if (!name)
		return;
	struct fl_map_entry *entry = fl_map_put(&unit->names, name, strlen(name));
	if (entry->value == SIZE_MAX)
		entry->value = unit->variable_count - 1;
}

static void note_variable(struct fl_symbols_unit *unit, Dwarf_Die *variable)
{
	Dwarf_Attribute attribute;
	*FL_PUSH(unit->variables, unit->variable_count, unit->variable_capacity) = *variable;
	note_name(unit, dwarf_formstring(dwarf_attr_integrate(variable, DW_AT_name, &attribute)));
	note_name(unit, dwarf_formstring(dwarf_attr_integrate(variable, DW_AT_linkage_name, &attribute)));
}

static void note_code(struct fl_symbols_unit *unit, Dwarf_Die *function)
{
	Dwarf_Addr base, begin, end;
	for (ptrdiff_t i = 0; (i = dwarf_ranges(function, i, &base, &begin, &end)) > 0;)
		if (begin < end)
			*FL_PUSH(unit->code, unit->code_count, unit->code_capacity) =
				(struct code){begin, end, *function};
}

static bool holds_functions(int tag)
{
	return tag == DW_TAG_namespace || tag == DW_TAG_module || tag == DW_TAG_structure_type ||
	       tag == DW_TAG_class_type || tag == DW_TAG_union_type;
}

static void read_scope(struct fl_symbols_unit *unit, Dwarf_Die *scope, bool has_variables)
{
	Dwarf_Die child;
	if (dwarf_child(scope, &child))
		return;
	do {
		int tag = dwarf_tag(&child);
		if (tag == DW_TAG_subprogram)
			note_code(unit, &child);
		else if (tag == DW_TAG_variable && has_variables)
			note_variable(unit, &child);
		else if (holds_functions(tag))
			read_scope(unit, &child, has_variables && tag == DW_TAG_namespace);
	} while (!dwarf_siblingof(&child, &child));
}

static int compare_code(const void *a, const void *b)
{
	const struct code *left = a, *right = b;
	Dwarf_Off one = dwarf_dieoffset((Dwarf_Die *)&left->function);
	Dwarf_Off other = dwarf_dieoffset((Dwarf_Die *)&right->function);
	if (left->begin != right->begin)
		return left->begin < right->begin ? -1 : 1;
	return (one < other) - (one > other);
}

static void read_once(struct fl_symbols_unit *unit)
{
	if (unit->read)
		return;
	unit->read = true;
	unit->arena = fl_arena_new();
	fl_map_init(&unit->names, unit->arena);
	read_scope(unit, &unit->die, true);
	if (unit->code_count)
		qsort(unit->code, unit->code_count, sizeof *unit->code, compare_code);
}

/* ---- asking ---------------------------------------------------------------------------------------------
 */

bool fl_symbols_unit_function(struct fl_symbols_unit *unit, uint64_t address, Dwarf_Die *function)
{
	read_once(unit);
	size_t upto = fl_sorted_upto(unit->code, unit->code_count, sizeof *unit->code, address);
	if (!upto || address >= unit->code[upto - 1].end)
		return false;
	*function = unit->code[upto - 1].function;
	return true;
}

bool fl_symbols_unit_variable(struct fl_symbols_unit *unit, const char *name, Dwarf_Die *variable)
{
	read_once(unit);
	const struct fl_map_entry *entry = fl_map_get(&unit->names, name, strlen(name));
	if (entry)
		*variable = unit->variables[entry->value];
	return entry;
}
