/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * symbols_types.c: see symbols_types.h.
 */
#include "read/symbols_types.h"

#include <dwarf.h>
#include <string.h>

#include "util/memory.h"

#define NESTING_LIMIT 32

/* ---- DWARF ------------------------------------------------------------------------------------------- */

static const char *name_of(Dwarf_Die *die)
{
	Dwarf_Attribute attribute;
	return dwarf_formstring(dwarf_attr_integrate(die, DW_AT_name, &attribute));
}

static bool is_named(Dwarf_Die *die, const char *name)
{
	const char *own = name_of(die);
	return own && !strcmp(own, name);
}

static bool follow(Dwarf_Die *die, unsigned attribute_name, Dwarf_Die *result)
{
	Dwarf_Attribute attribute;
	return dwarf_attr_integrate(die, attribute_name, &attribute) && dwarf_formref_die(&attribute, result);
}

static bool is_aggregate(int tag)
{
	return tag == DW_TAG_structure_type || tag == DW_TAG_class_type || tag == DW_TAG_union_type;
}

/* Without what changes nothing about its members. A struct without a name has that of its typedef. */
static bool strip(Dwarf_Die *type, const char **alias)
{
	for (int i = 0; i < NESTING_LIMIT; i++) {
		switch (dwarf_tag(type)) {
		case DW_TAG_typedef:
			*alias = name_of(type);
			break;
		case DW_TAG_const_type:
		case DW_TAG_volatile_type:
		case DW_TAG_restrict_type:
		case DW_TAG_atomic_type:
		case DW_TAG_reference_type:
		case DW_TAG_rvalue_reference_type:
			break;
		default:
			return true;
		}
		if (!follow(type, DW_AT_type, type))
			return false;
	}
	return false;
}

static uint64_t bytes_of(Dwarf_Die *type)
{
	Dwarf_Word bytes = 0;
	return dwarf_aggregate_size(type, &bytes) ? 0 : bytes;
}

/* ---- members ---------------------------------------------------------------------------------------------
 */

/* Also those of structs without a name in it, and of base classes. */
static bool find_member(Dwarf_Die *aggregate, const char *name, Dwarf_Die *member, int depth)
{
	Dwarf_Die child, type;
	const char *alias;
	if (depth == NESTING_LIMIT || dwarf_child(aggregate, &child))
		return false;
	do {
		int tag = dwarf_tag(&child);
		if (tag != DW_TAG_member && tag != DW_TAG_inheritance && tag != DW_TAG_variable)
			continue;
		if (tag != DW_TAG_inheritance && is_named(&child, name)) {
			*member = child;
			return true;
		}
		if ((tag == DW_TAG_inheritance || !name_of(&child)) && follow(&child, DW_AT_type, &type) &&
			strip(&type, &alias) && is_aggregate(dwarf_tag(&type)) &&
			find_member(&type, name, member, depth + 1))
			return true;
	} while (!dwarf_siblingof(&child, &child));
	return false;
}

/* The member that holds the byte, and the byte's offset in it. */
static bool member_at(Dwarf_Die *aggregate, uint64_t *offset, Dwarf_Die *member)
{
	Dwarf_Die child, type;
	if (dwarf_child(aggregate, &child))
		return false;
	do {
		Dwarf_Attribute attribute;
		Dwarf_Word at = 0;
		if (dwarf_tag(&child) != DW_TAG_member && dwarf_tag(&child) != DW_TAG_inheritance)
			continue;
		if (dwarf_attr(&child, DW_AT_external, &attribute) || !follow(&child, DW_AT_type, &type))
			continue;
		if (dwarf_attr(&child, DW_AT_data_member_location, &attribute))
			dwarf_formudata(&attribute, &at);
		if (*offset < at || *offset - at >= bytes_of(&type))
			continue;
		*offset -= at;
		*member = child;
		return true;
	} while (!dwarf_siblingof(&child, &child));
	return false;
}

/* Where in which struct: `limits.max` of `struct config`. */
struct place {
	Dwarf_Die type; /* of the whole expression so far */
	const char *alias, *owner, *field;
	bool is_bits;
};

static const char *owner_name(Dwarf_Die *aggregate, const char *alias, struct fl_arena *arena)
{
	const char *name = name_of(aggregate);
	int tag = dwarf_tag(aggregate);
	if (!name)
		return alias;
	return fl_arena_format(arena, "%s %s",
		tag == DW_TAG_union_type   ? "union"
		: tag == DW_TAG_class_type ? "class"
					   : "struct",
		name);
}

static bool step_member(struct place *place, const char *name, struct fl_arena *arena)
{
	Dwarf_Die member;
	Dwarf_Attribute attribute;
	if (!strip(&place->type, &place->alias) || !is_aggregate(dwarf_tag(&place->type)) ||
		!find_member(&place->type, name, &member, 0))
		return false;
	if (place->field) {
		place->field = fl_arena_format(arena, "%s.%s", place->field, name);
	} else {
		place->owner = owner_name(&place->type, place->alias, arena);
		place->field = name;
	}
	place->is_bits = dwarf_attr(&member, DW_AT_bit_size, &attribute);
	place->alias = NULL;
	return follow(&member, DW_AT_type, &place->type);
}

/* Through a pointer: what is there is an object of its own. */
static bool step_pointer(struct place *place)
{
	if (!strip(&place->type, &place->alias))
		return false;
	int tag = dwarf_tag(&place->type);
	if (tag != DW_TAG_pointer_type && tag != DW_TAG_array_type)
		return false;
	place->alias = NULL;
	place->owner = place->field = NULL;
	return follow(&place->type, DW_AT_type, &place->type);
}

/* An element of an array is a part of what the array is part of. */
static bool step_index(struct place *place, struct fl_arena *arena)
{
	if (!strip(&place->type, &place->alias))
		return false;
	if (dwarf_tag(&place->type) != DW_TAG_array_type)
		return step_pointer(place);
	if (place->field)
		place->field = fl_arena_format(arena, "%s[]", place->field);
	place->alias = NULL;
	return follow(&place->type, DW_AT_type, &place->type);
}

static bool step(struct place *place, const struct fl_step *step, struct fl_arena *arena)
{
	switch (step->kind) {
	case FL_STEP_BASE:
		return false;
	case FL_STEP_ARROW:
		return step_pointer(place) && step_member(place, step->name, arena);
	case FL_STEP_DOT:
		return step_member(place, step->name, arena);
	case FL_STEP_INDEX:
		return step_index(place, arena);
	}
	return false;
}

/* ---- variables -------------------------------------------------------------------------------------------
 */

static bool is_variable(int tag)
{
	return tag == DW_TAG_variable || tag == DW_TAG_formal_parameter;
}

/* In the blocks around the address first; in any block when `anywhere`, as of a function that was inlined. */
static bool find_local(Dwarf_Die *scope, const char *name, uint64_t address, bool anywhere, Dwarf_Die *found)
{
	Dwarf_Die child;
	if (dwarf_child(scope, &child))
		return false;
	do {
		bool inner = dwarf_tag(&child) == DW_TAG_lexical_block &&
			     (anywhere || dwarf_haspc(&child, address) > 0);
		if (inner && find_local(&child, name, address, anywhere, found))
			return true;
	} while (!dwarf_siblingof(&child, &child));
	dwarf_child(scope, &child);
	do {
		if (is_variable(dwarf_tag(&child)) && is_named(&child, name)) {
			*found = child;
			return true;
		}
	} while (!dwarf_siblingof(&child, &child));
	return false;
}

static bool find_in_function(Dwarf_Die *function, const char *name, uint64_t address, Dwarf_Die *found)
{
	Dwarf_Die origin;
	return find_local(function, name, address, false, found) ||
	       (follow(function, DW_AT_abstract_origin, &origin) &&
		       find_local(&origin, name, address, true, found));
}

/* The expression's base: a variable in sight, or a member of the object that the function belongs to. */
static bool start_at(struct place *place, const char *name, struct fl_symbols_unit *unit, Dwarf_Die *function,
	uint64_t address, struct fl_arena *arena)
{
	Dwarf_Die variable;
	if (function && find_in_function(function, name, address, &variable))
		return follow(&variable, DW_AT_type, &place->type);
	if (function && find_in_function(function, "this", address, &variable) &&
		follow(&variable, DW_AT_type, &place->type) && step_pointer(place) &&
		step_member(place, name, arena))
		return true;
	*place = (struct place){0};
	return fl_symbols_unit_variable(unit, name, &variable) && follow(&variable, DW_AT_type, &place->type);
}

/* ---- a base that is no variable -------------------------------------------------------------------------
 */

/* The only struct of the unit with such a member of that size. False as soon as there is another one. */
static bool find_only_owner(
	Dwarf_Die *scope, const char *name, uint64_t size, struct place *place, struct fl_arena *arena)
{
	Dwarf_Die child, member, type;
	if (dwarf_child(scope, &child))
		return true;
	do {
		int tag = dwarf_tag(&child);
		if ((tag == DW_TAG_namespace || is_aggregate(tag)) &&
			!find_only_owner(&child, name, size, place, arena))
			return false;
		const char *alias = NULL;
		type = child;
		if (tag == DW_TAG_typedef && (!strip(&type, &alias) || name_of(&type)))
			continue;
		if (!is_aggregate(dwarf_tag(&type)) || (tag != DW_TAG_typedef && !name_of(&type)) ||
			!find_member(&type, name, &member, 0) || !follow(&member, DW_AT_type, &place->type) ||
			(size && bytes_of(&place->type) != size))
			continue;
		const char *owner = owner_name(&type, alias, arena);
		if (place->owner && owner && strcmp(place->owner, owner))
			return false;
		place->owner = owner;
		place->field = name;
	} while (!dwarf_siblingof(&child, &child));
	return true;
}

/* Strings of the debug information live as long as its object: the subject gets its own. */
static void set_owner(struct fl_subject *subject, const struct place *place, struct fl_arena *arena)
{
	if (!place->owner)
		return;
	subject->type = fl_arena_bytes(arena, place->owner, strlen(place->owner));
	subject->field = fl_arena_bytes(arena, place->field, strlen(place->field));
}

/* ---- all together
 * ------------------------------------------------------------------------------------------ */

void fl_symbols_types_field(struct fl_subject *subject, const struct fl_expression *expression,
	struct fl_symbols_unit *unit, Dwarf_Die *function, uint64_t address, uint64_t size,
	struct fl_arena *arena)
{
	struct place place = {0};
	const struct fl_step *last = &expression->steps[expression->count - 1];
	bool known = expression->steps[0].name &&
		     start_at(&place, expression->steps[0].name, unit, function, address, arena);
	for (size_t i = 1; known && i < expression->count; i++)
		known = step(&place, &expression->steps[i], arena);
	if (known && size && !place.is_bits) {
		uint64_t bytes = bytes_of(&place.type);
		known = bytes >= size; /* a part of it may be copied */
	}
	if (!known) {
		place = (struct place){0};
		known = (last->kind == FL_STEP_ARROW || last->kind == FL_STEP_DOT) &&
			find_only_owner(fl_symbols_unit_die(unit), last->name, size, &place, arena);
	}
	if (known)
		set_owner(subject, &place, arena);
}

bool fl_symbols_types_part(struct fl_subject *subject, struct fl_symbols_unit *unit, const char *symbol,
	uint64_t offset, uint64_t size, struct fl_arena *arena)
{
	Dwarf_Die variable;
	struct place place = {0};
	if (!fl_symbols_unit_variable(unit, symbol, &variable) || !follow(&variable, DW_AT_type, &place.type))
		return false;
	const char *text = name_of(&variable);
	for (int i = 0; i < NESTING_LIMIT && strip(&place.type, &place.alias); i++) {
		Dwarf_Die member, element;
		int tag = dwarf_tag(&place.type);
		if (size && bytes_of(&place.type) == size && !is_aggregate(tag))
			break;
		if (tag == DW_TAG_array_type && follow(&place.type, DW_AT_type, &element) &&
			bytes_of(&element)) {
			uint64_t each = bytes_of(&element);
			text = fl_arena_format(arena, "%s[%llu]", text, (unsigned long long)(offset / each));
			offset %= each;
			if (!step_index(&place, arena))
				break;
		} else if (is_aggregate(tag) && tag != DW_TAG_union_type &&
			   member_at(&place.type, &offset, &member)) {
			const char *name = name_of(&member);
			if (!name) { /* a base class, or a struct without a name */
				if (!follow(&member, DW_AT_type, &place.type))
					break;
				continue;
			}
			text = fl_arena_format(arena, "%s.%s", text, name);
			if (!step_member(&place, name, arena))
				break;
		} else {
			break;
		}
	}
	subject->expression = fl_arena_bytes(arena, text, strlen(text));
	set_owner(subject, &place, arena);
	return true;
}
