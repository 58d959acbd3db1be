/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * functions.c: see functions.h.
 */
#include "read/functions.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "read/paths_found.h"
#include "util/memory.h"

/* The function's own regions are collected: they are a whole. */
static void add_region(struct functions *functions, const struct unit *unit,
	const struct shape_region *region, uint64_t count)
{
	static const enum fl_region_kind kinds[] = {
		[FURLONG_REGION_CODE] = FL_REGION_CODE,
		[FURLONG_REGION_EXPANSION] = FL_REGION_EXPANSION,
		[FURLONG_REGION_SKIPPED] = FL_REGION_SKIPPED,
		[FURLONG_REGION_GAP] = FL_REGION_GAP,
	};
	struct fl_region_facts facts = {
		fl_shape_lacks_code(&functions->shape, region) ? FL_REGION_NO_CODE : kinds[region->kind],
		region->span, count};
	size_t file, pair = unit->pairs[functions->shape.files[region->file]];
	if (!region->file)
		*FL_PUSH(functions->body, functions->body_count, functions->body_capacity) = facts;
	else if (fl_sources_fate(functions->sources, pair, &file) == FL_SOURCE_KEPT)
		fl_build_region(functions->build, file, facts.kind, facts.span, facts.count);
}

/* A condition in a macro's text belongs to the macro's outermost use. */
static bool find_branch(struct functions *functions, const struct unit *unit, size_t index, size_t *file,
	struct fl_branch_facts *facts)
{
	const struct shape *shape = &functions->shape;
	const struct shape_region *region = &shape->regions[index];
	const struct use *use = &functions->uses.items[region->file];
	if (fl_sources_fate(functions->sources, unit->pairs[shape->files[use->file]], file) != FL_SOURCE_KEPT)
		return false;
	*facts = (struct fl_branch_facts){
		.span = region->span,
		.taken = {fl_counts_value(&functions->counts, region->count_false),
			fl_counts_value(&functions->counts, region->count)},
		.folded = {!region->count_false, !region->count},
		.ordinal = functions->uses.ordinals[index],
	};
	if (use->macro) {
		facts->span = use->span;
		facts->macro = fl_sources_shown(functions->sources, unit->pairs[shape->files[region->file]]);
		facts->in_macro = region->span;
		facts->nesting = use->nesting;
	}
	return true;
}

static void add_branch(struct functions *functions, const struct unit *unit, size_t index)
{
	const struct shape *shape = &functions->shape;
	struct fl_branch_facts facts;
	size_t file;
	if (!find_branch(functions, unit, index, &file, &facts))
		return;
	facts.alone = shape->flags & FURLONG_SHAPE_DECISIONS && !shape->regions[index].joined;
	facts.unfollowed = shape->regions[index].unfollowed;
	fl_build_branch(functions->build, file, &facts);
}

/* Paths that were taken. */
static void collect_paths(struct functions *functions, const struct shape_decision *decision)
{
	functions->path_count = functions->unfound_here = 0;
	if (decision->kind == FURLONG_DECISION_SUMMED) {
		const uint64_t *counters = functions->counts.counters;
		functions->path_count = fl_paths_find(counters ? counters + decision->sums : NULL,
			&functions->paths, &functions->path_capacity, &functions->unfound_here);
		functions->unfound += functions->unfound_here;
		return;
	}
	for (size_t i = 0; i < decision->path_count; i++) {
		uint64_t count =
			fl_counts_value(&functions->counts, functions->shape.paths[decision->first_path + i]);
		if (count)
			*FL_PUSH(functions->paths, functions->path_count, functions->path_capacity) =
				(struct fl_path_facts){i, count};
	}
}

static void lose_conditions(
	struct functions *functions, const struct unit *unit, const struct shape_decision *decision)
{
	const struct shape *shape = &functions->shape;
	const struct shape_region *first =
		&shape->regions[shape->conditions[decision->first_condition].region];
	const struct use *use = &functions->uses.items[first->file];
	size_t file, pair = unit->pairs[shape->files[use->file]];
	if (fl_sources_fate(functions->sources, pair, &file) != FL_SOURCE_KEPT)
		return;
	if (!functions->lost_conditions)
		functions->first_lost =
			fl_arena_format(functions->arena, "%s:%u", fl_sources_shown(functions->sources, pair),
				(use->macro ? use->span : first->span).start.line);
	functions->lost_conditions += decision->condition_count;
}

static void add_decision(
	struct functions *functions, const struct unit *unit, const struct shape_decision *decision)
{
	size_t file = 0, its_file = 0;
	if (decision->kind == FURLONG_DECISION_NONE || !decision->condition_count)
		return;
	if (decision->kind == FURLONG_DECISION_LOST)
		return lose_conditions(functions, unit, decision);
	functions->condition_count = 0;
	for (size_t i = 0; i < decision->condition_count; i++) {
		const struct shape_condition *from =
			&functions->shape.conditions[decision->first_condition + i];
		struct raw_condition *condition = FL_PUSH(
			functions->conditions, functions->condition_count, functions->condition_capacity);
		memcpy(condition->next, from->next, sizeof from->next);
		if (!find_branch(functions, unit, from->region, &its_file, &condition->place) ||
			(i && its_file != file))
			return;
		file = its_file;
	}
	collect_paths(functions, decision);
	struct fl_decision_facts facts = {
		.unrecorded = functions->unfound_here,
		.conditions = functions->conditions,
		.condition_count = functions->condition_count,
		.paths = functions->paths,
		.path_count = functions->path_count,
	};
	if (!fl_build_decision(functions->build, file, &facts))
		lose_conditions(functions, unit, decision);
}

/* The function begins with its first region in file id 0 and ends where the last of them ends. False: it has
 * none. */
static bool find_function(struct functions *functions, struct fl_function_facts *facts)
{
	const struct shape *shape = &functions->shape;
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
		.count = fl_counts_value(&functions->counts, entry->count),
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

/* The function's own regions are in functions->body. */
static void add_body(struct functions *functions, size_t file)
{
	const struct shape *shape = &functions->shape;
	struct fl_function_facts facts;
	bool emitted = !(shape->flags & FURLONG_SHAPE_NEVER_EMITTED);
	bool found = find_function(functions, &facts);
	if (found)
		fl_build_function(functions->build, file, &facts);
	fl_build_body(functions->build, file, functions->body, functions->body_count, emitted);
	if (found && emitted && !facts.from_macro && is_instance(shape))
		fl_build_instance(functions->build, file, &facts);
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
	const struct functions *functions;
	const struct unit *unit;
};
static bool is_include(const void *opaque, const struct shape_region *expansion)
{
	const struct include_context *context = opaque;
	const uint64_t *files = context->functions->shape.files;
	return files[expansion->file] != files[expansion->expanded] &&
	       fl_sources_includes(context->functions->sources, context->unit->pairs[files[expansion->file]],
		       expansion->span.start.line);
}

static void note_hits(struct functions *functions, const struct unit *unit)
{
	const struct shape *shape = &functions->shape;
	size_t file;
	if (!(shape->flags & FURLONG_SHAPE_HITS))
		return;
	for (size_t i = 0; i < shape->file_count; i++)
		if (fl_sources_fate(functions->sources, unit->pairs[shape->files[i]], &file) ==
			FL_SOURCE_KEPT)
			fl_build_hits(functions->build, file);
}

static void add_shape(struct functions *functions, const struct unit *unit)
{
	const struct shape *shape = &functions->shape;
	if (!shape->file_count)
		return;
	size_t file, pair = unit->pairs[shape->files[0]];
	enum fl_source_fate fate = fl_sources_fate(functions->sources, pair, &file);
	if (fate == FL_SOURCE_STALE)
		fl_sources_drop(functions->sources, pair);
	fl_uses_find(&functions->uses, shape, is_include, &(struct include_context){functions, unit});
	fl_copies_find(&functions->copies, &functions->uses, shape, &functions->counts);
	functions->body_count = 0;
	note_hits(functions, unit);
	for (size_t i = 0; i < shape->region_count; i++) {
		uint64_t count = fl_counts_value(&functions->counts, shape->regions[i].count);
		if (shape->regions[i].kind == FURLONG_REGION_BRANCH)
			add_branch(functions, unit, i);
		else if (fl_copies_tell(&functions->copies, i, &count))
			add_region(functions, unit, &shape->regions[i], count);
	}
	for (size_t i = 0; i < shape->decision_count; i++)
		add_decision(functions, unit, &shape->decisions[i]);
	if (fate == FL_SOURCE_KEPT)
		add_body(functions, file);
}

const char *fl_functions_read(struct functions *functions, const struct fl_data *data,
	const struct fl_data_function *function, const struct unit *unit, const uint64_t *counters)
{
	struct shape *shape = &functions->shape;
	const char *wrong =
		fl_shape_decode(shape, data->map, data->map_bytes, function->shape, function->counter_count);
	if (!wrong)
		wrong = check_files(shape, unit);
	if (wrong)
		return wrong;
	fl_shape_settle(shape);
	fl_counts_begin(&functions->counts, shape, counters);
	add_shape(functions, unit);
	return NULL;
}

void fl_functions_note(const struct functions *functions)
{
	struct fl_build *build = functions->build;
	if (functions->counts.negative)
		fl_build_note(build, false,
			"%" PRIu64
			" derived counts came out negative and are taken as 0: their programs were running "
			"while they were read, or were ended within a loop",
			functions->counts.negative);
	if (functions->unfound)
		fl_build_note(build, true,
			"%" PRIu64
			" evaluations of decisions with very many different ones could not be told apart",
			functions->unfound);
	if (functions->lost_conditions)
		fl_build_note(build, false,
			"%" PRIu64 " conditions, first at %s, could not be followed to their decisions; "
			"MC/DC leaves them out",
			functions->lost_conditions, functions->first_lost);
}

void fl_functions_free(struct functions *functions)
{
	fl_counts_free(&functions->counts);
	free(functions->body);
	free(functions->conditions);
	free(functions->paths);
	fl_copies_free(&functions->copies);
	fl_uses_free(&functions->uses);
	fl_shape_free(&functions->shape);
}
