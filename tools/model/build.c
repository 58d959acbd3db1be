/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * build.c: collects what readers say, then finishes the files on a few threads.
 *
 * While collecting, one thread. While finishing, each file by itself.
 */
#include "model/build.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "model/decision.h"
#include "model/file.h"
#include "model/instances.h"
#include "model/variants.h"
#include "util/map.h"
#include "util/memory.h"
#include "util/progress.h"
#include "util/team.h"

struct fl_build {
	struct fl_arena *arena; /* becomes the model's */
	struct fl_map names;
	struct fl_arena *body_arena; /* of `bodies`: the model needs none of it */
	struct fl_map bodies;        /* those there were; variants.c */
	struct fl_map instances;     /* likewise; instances.c */
	struct raw_body_parts body;  /* the one being added */
	struct raw_file *files;
	size_t file_count, file_capacity;
	struct fl_module *modules;
	size_t module_count, module_capacity;
	struct fl_note *notes;
	size_t note_count, note_capacity;
};

struct fl_build *fl_build_new(void)
{
	struct fl_build *build = fl_alloc(sizeof *build);
	build->arena = fl_arena_new();
	fl_map_init(&build->names, build->arena);
	build->body_arena = fl_arena_new();
	fl_map_init(&build->bodies, build->body_arena);
	fl_map_init(&build->instances, build->body_arena);
	return build;
}

static const char *intern(struct fl_build *build, const char *text)
{
	return fl_map_intern(&build->names, text, strlen(text));
}

size_t fl_build_file(struct fl_build *build, const struct fl_source_facts *facts)
{
	struct raw_file *raw = FL_PUSH(build->files, build->file_count, build->file_capacity);
	*raw = (struct raw_file){.facts = *facts};
	raw->facts.path = intern(build, facts->path);
	raw->facts.disk_path = intern(build, facts->disk_path);
	return build->file_count - 1;
}

/* From this many records on, equal ones are added up before more room is made: a header that a thousand
 * units include is kept once. */
enum { COMBINE_FROM = 1 << 14 };

static struct fl_position clamp(struct fl_position position)
{
	if (position.column > FL_COLUMN_MAX)
		position.column = FL_COLUMN_MAX;
	return position;
}

static struct raw_region make_region(enum fl_region_kind kind, struct fl_span span, uint64_t count)
{
	struct fl_position end = clamp(span.end);
	return (struct raw_region){
		.start = clamp(span.start),
		.end_line = end.line,
		.end_column = end.column & FL_COLUMN_MAX,
		.kind = kind & 7u,
		.count = count,
	};
}

static struct fl_span clamp_span(struct fl_span span)
{
	return (struct fl_span){clamp(span.start), clamp(span.end)};
}

void fl_build_region(
	struct fl_build *build, size_t file, enum fl_region_kind kind, struct fl_span span, uint64_t count)
{
	struct raw_file *raw = &build->files[file];
	if (raw->region_count == raw->region_capacity && raw->region_count >= COMBINE_FROM) {
		fl_raw_combine_regions(raw);
		if (raw->region_count > raw->region_capacity / 2)
			raw->regions =
				fl_resize(raw->regions, raw->region_capacity *= 2, sizeof *raw->regions);
	}
	*FL_PUSH(raw->regions, raw->region_count, raw->region_capacity) = make_region(kind, span, count);
}

void fl_build_body(struct fl_build *build, size_t file, const struct fl_region_facts *regions, size_t count,
	bool emitted)
{
	struct raw_file *raw = &build->files[file];
	struct raw_body_parts *body = &build->body;
	body->count = 0;
	for (size_t i = 0; i < count; i++)
		*FL_PUSH(body->items, body->count, body->capacity) =
			make_region(regions[i].kind, regions[i].span, regions[i].count);
	fl_arms_discarded(body, raw->facts.text);
	fl_variants_add(raw, file, &build->bodies, body->items, body->count, emitted);
}

void fl_build_instance(struct fl_build *build, size_t file, const struct fl_function_facts *facts)
{
	struct raw_instance instance = {
		.start = clamp(facts->span.start),
		.linkage = fl_map_intern(&build->names, facts->linkage, facts->linkage_length),
		.count = facts->count,
	};
	fl_instances_add(&build->files[file], file, &build->instances, &instance, build->body.items,
		build->body.count);
}

struct fl_line *fl_build_text_lines(const struct fl_region_facts *regions, size_t count, size_t *line_count)
{
	struct raw_region *raw = fl_resize(NULL, count + 1, sizeof *raw);
	struct fl_arena *arena = fl_arena_new();
	struct raw_file text = {.regions = raw};
	struct fl_file file = {0};
	for (size_t i = 0; i < count; i++)
		raw[i] = make_region(regions[i].kind, regions[i].span, regions[i].count);
	text.region_count = fl_raw_combine(raw, count);
	fl_file_lines(&file, &text, arena);
	struct fl_line *lines = fl_resize(NULL, file.line_count + 1, sizeof *lines);
	if (file.line_count)
		memcpy(lines, file.lines, file.line_count * sizeof *lines);
	*line_count = file.line_count;
	fl_arena_free(arena);
	free(raw);
	return lines;
}

static struct fl_branch_facts keep_branch(struct fl_build *build, const struct fl_branch_facts *facts)
{
	struct fl_branch_facts branch = *facts;
	branch.span = clamp_span(facts->span);
	branch.in_macro = clamp_span(facts->in_macro);
	branch.macro = facts->macro ? intern(build, facts->macro) : NULL;
	return branch;
}

bool fl_build_decision(struct fl_build *build, size_t file, const struct fl_decision_facts *facts)
{
	if (!fl_decision_valid(facts->conditions, facts->condition_count))
		return false;
	struct raw_file *raw = &build->files[file];
	fl_raw_decision(raw, facts);
	struct raw_decision *decision = &raw->decisions[raw->decision_count - 1];
	for (size_t i = 0; i < decision->condition_count; i++)
		decision->conditions[i].place = keep_branch(build, &facts->conditions[i].place);
	return true;
}

void fl_build_branch(struct fl_build *build, size_t file, const struct fl_branch_facts *facts)
{
	struct raw_file *raw = &build->files[file];
	if (raw->branch_count == raw->branch_capacity && raw->branch_count >= COMBINE_FROM) {
		fl_raw_combine_branches(raw);
		if (raw->branch_count > raw->branch_capacity / 2)
			raw->branches =
				fl_resize(raw->branches, raw->branch_capacity *= 2, sizeof *raw->branches);
	}
	*FL_PUSH(raw->branches, raw->branch_count, raw->branch_capacity) = keep_branch(build, facts);
}

void fl_build_function(struct fl_build *build, size_t file, const struct fl_function_facts *facts)
{
	struct raw_file *raw = &build->files[file];
	*FL_PUSH(raw->functions, raw->function_count, raw->function_capacity) = (struct raw_function){
		.span = clamp_span(facts->span),
		.linkage = fl_map_intern(&build->names, facts->linkage, facts->linkage_length),
		.count = facts->count,
		.from_macro = facts->from_macro,
	};
}

void fl_build_line(struct fl_build *build, size_t file, uint32_t line, uint64_t count)
{
	struct raw_file *raw = &build->files[file];
	*FL_PUSH(raw->said_lines, raw->said_line_count, raw->said_line_capacity) =
		(struct raw_line){line, count};
}

void fl_build_stretch(struct fl_build *build, size_t file, struct fl_span span, uint64_t count)
{
	struct raw_file *raw = &build->files[file];
	*FL_PUSH(raw->stretches, raw->stretch_count, raw->stretch_capacity) =
		make_region(FL_REGION_CODE, span, count);
}

void fl_build_no_code(struct fl_build *build, size_t file, uint32_t first, uint32_t last)
{
	struct raw_file *raw = &build->files[file];
	*FL_PUSH(raw->said_no_code, raw->said_no_code_count, raw->said_no_code_capacity) =
		(struct raw_range){first, last};
}

void fl_build_exclude(struct fl_build *build, size_t file, struct fl_exclusion exclusion)
{
	struct raw_file *raw = &build->files[file];
	size_t count = raw->facts.exclusion_count;
	if (!raw->exclusions && count) { /* they are the reader's */
		raw->exclusions =
			fl_resize(NULL, raw->exclusion_capacity = count + 8, sizeof *raw->exclusions);
		memcpy(raw->exclusions, raw->facts.exclusions, count * sizeof *raw->exclusions);
	}
	*FL_PUSH(raw->exclusions, raw->facts.exclusion_count, raw->exclusion_capacity) = exclusion;
	raw->facts.exclusions = raw->exclusions;
}

void fl_build_module(struct fl_build *build, const char *path, const char *label)
{
	*FL_PUSH(build->modules, build->module_count, build->module_capacity) =
		(struct fl_module){intern(build, path), intern(build, label)};
}

void fl_build_note(struct fl_build *build, bool lost, const char *format, ...)
{
	va_list args;
	va_start(args, format);
	const char *text = fl_arena_format_list(build->arena, format, args);
	va_end(args);
	*FL_PUSH(build->notes, build->note_count, build->note_capacity) = (struct fl_note){text, lost};
}

void fl_build_hits(struct fl_build *build, size_t file)
{
	build->files[file].hits = true;
}

static void finish_file(struct fl_file *file, struct raw_file *raw, struct fl_arena *arena)
{
	file->path = raw->facts.path;
	file->disk_path = raw->facts.disk_path;
	file->source = raw->facts.state;
	fl_file_text(raw);
	raw->variants = fl_variants_split(raw);
	fl_file_regions(file, raw, arena);
	fl_file_lines(file, raw, arena);
	fl_file_said(file, raw, arena);
	fl_raw_combine_branches(raw);
	fl_file_branches(file, raw, arena);
	fl_file_decisions(file, raw, arena);
	fl_file_functions(file, raw, arena);
	fl_file_instances(file, raw, arena);
	file->hits = raw->hits;
	if (file->hits)
		fl_file_hits(file);
	fl_file_exclude(file, raw);
	fl_file_count(file);
	fl_raw_free(raw);
}

struct finish {
	struct fl_build *build;
	struct fl_file *files;
};

static void finish_piece(void *context, size_t index, struct fl_arena *arena)
{
	struct finish *finish = context;
	finish_file(&finish->files[index], &finish->build->files[index], arena);
	fl_progress_step();
}

static int compare_files(const void *left, const void *right)
{
	const struct fl_file *a = left, *b = right;
	return strcmp(a->path, b->path);
}

static int compare_modules(const void *left, const void *right)
{
	const struct fl_module *a = left, *b = right;
	int order = strcmp(a->path, b->path);
	return order ? order : strcmp(a->label, b->label);
}

static void *keep(struct fl_build *build, const void *items, size_t count, size_t size)
{
	void *copy = fl_arena_array(build->arena, count, size);
	if (count)
		memcpy(copy, items, count * size);
	return copy;
}

/* One module may have several data files, of several builds. */
static void keep_modules(struct fl_model *model, struct fl_build *build)
{
	if (build->module_count)
		qsort(build->modules, build->module_count, sizeof *build->modules, compare_modules);
	model->modules = keep(build, build->modules, build->module_count, sizeof *build->modules);
	for (size_t i = 0; i < build->module_count; i++)
		if (!i || compare_modules(&build->modules[i - 1], &build->modules[i]))
			model->modules[model->module_count++] = build->modules[i];
}

static void note_hits(struct fl_build *build, const struct fl_file *files, size_t count)
{
	size_t hits = 0;
	for (size_t i = 0; i < count; i++)
		hits += files[i].hits;
	if (hits)
		fl_build_note(build, false, "of %zu of %zu files it was noted what ran, and not how often",
			hits, count);
}

struct fl_model *fl_build_finish(struct fl_build *build, const char *root)
{
	struct fl_model *model = fl_alloc(sizeof *model);
	struct fl_file *files = fl_arena_array(build->arena, build->file_count, sizeof *files);
	fl_progress_begin("files counted:", build->file_count);
	fl_team_run(build->file_count, finish_piece, &(struct finish){build, files}, build->arena);
	fl_progress_end();
	for (size_t i = 0; i < build->file_count; i++)
		if (files[i].line_count || files[i].function_count)
			files[model->file_count++] = files[i];
	if (model->file_count)
		qsort(files, model->file_count, sizeof *files, compare_files);
	for (size_t i = 0; i < model->file_count; i++)
		fl_totals_add(&model->totals, &files[i].totals);
	model->files = files;
	model->root = intern(build, root);
	keep_modules(model, build);
	note_hits(build, files, model->file_count);
	model->notes = keep(build, build->notes, build->note_count, sizeof *build->notes);
	model->note_count = build->note_count;
	model->arena = build->arena;
	fl_map_free(&build->names);
	fl_map_free(&build->bodies);
	fl_map_free(&build->instances);
	fl_arena_free(build->body_arena);
	free(build->body.items);
	free(build->files);
	free(build->modules);
	free(build->notes);
	free(build);
	return model;
}
