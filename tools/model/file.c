/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * file.c: a file's branches, functions, exclusions and totals.
 */
#include "model/file.h"
#include "model/decision.h"

#include <stdlib.h>
#include <string.h>

#include "util/memory.h"
#include "util/text.h"

static struct fl_line *line_at(const struct fl_file *file, uint32_t line)
{
	size_t at = fl_file_line_index(file, line);
	return at < file->line_count && file->lines[at].line == line ? &file->lines[at] : NULL;
}

size_t fl_file_line_index(const struct fl_file *file, uint32_t line)
{
	size_t low = 0, high = file->line_count;
	while (low < high) {
		size_t middle = low + (high - low) / 2;
		if (file->lines[middle].line < line)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

struct fl_totals fl_function_totals(const struct fl_file *file, const struct fl_function *function)
{
	struct fl_totals totals = {.functions = {1, function->count > 0}};
	for (size_t i = fl_file_line_index(file, function->start.line);
		i < file->line_count && file->lines[i].line <= function->end.line; i++) {
		const struct fl_line *line = &file->lines[i];
		if (line->excluded)
			continue;
		totals.lines.found++;
		totals.lines.hit += line->count > 0;
		totals.branches.found += line->branches;
		totals.branches.hit += line->branches_hit;
	}
	return totals;
}

const struct fl_line *fl_file_line(const struct fl_file *file, uint32_t line)
{
	return line_at(file, line);
}

static int compare_lines(const void *left, const void *right)
{
	uint32_t a = *(const uint32_t *)left, b = *(const uint32_t *)right;
	return (a > b) - (a < b);
}

bool fl_file_lacks_code(const struct fl_file *file, uint32_t line)
{
	return file->no_code_count &&
	       bsearch(&line, file->no_code, file->no_code_count, sizeof *file->no_code, compare_lines);
}

void fl_file_branches(struct fl_file *file, const struct raw_file *raw, struct fl_arena *arena)
{
	file->branches = fl_arena_array(arena, raw->branch_count, sizeof *file->branches);
	file->branch_count = raw->branch_count;
	for (size_t i = 0; i < raw->branch_count; i++) {
		const struct fl_branch_facts *branch = &raw->branches[i];
		file->branches[i] = (struct fl_branch){
			.start = branch->span.start,
			.end = branch->span.end,
			.taken = {branch->taken[0], branch->taken[1]},
			.folded = {branch->folded[0], branch->folded[1]},
			.unfollowed = branch->unfollowed,
			.macro = branch->macro,
			.in_macro = branch->in_macro.start,
			.in_macro_end = branch->in_macro.end,
		};
	}
}

/* By start; where a macro's use may hold several functions, also by name. */
static int compare_functions(const void *left, const void *right)
{
	const struct raw_function *a = left, *b = right;
	int order = fl_position_compare(a->span.start, b->span.start);
	if (!order && a->from_macro != b->from_macro)
		order = a->from_macro - b->from_macro;
	if (!order && a->from_macro)
		order = strcmp(a->linkage, b->linkage);
	return order;
}

/* Instances of one function: equal by the above, then by name so that names can be counted. */
static int compare_instances(const void *left, const void *right)
{
	const struct raw_function *a = left, *b = right;
	int order = compare_functions(left, right);
	return order ? order : strcmp(a->linkage, b->linkage);
}

static struct fl_function merge_instances(
	const struct raw_function *items, size_t count, struct fl_arena *arena)
{
	struct fl_function merged = {.linkage = items[0].linkage,
		.start = items[0].span.start,
		.end = items[0].span.end,
		.instances = 1};
	for (size_t i = 0; i < count; i++) {
		merged.count = fl_add_counts(merged.count, items[i].count);
		merged.instances += i && strcmp(items[i].linkage, items[i - 1].linkage);
		if (fl_position_compare(merged.end, items[i].span.end) < 0)
			merged.end = items[i].span.end;
	}
	merged.name = fl_name_readable(arena, merged.linkage);
	if (merged.instances > 1)
		merged.name = fl_text_generic_name(arena, merged.name);
	return merged;
}

void fl_file_functions(struct fl_file *file, struct raw_file *raw, struct fl_arena *arena)
{
	if (raw->function_count)
		qsort(raw->functions, raw->function_count, sizeof *raw->functions, compare_instances);
	file->functions = fl_arena_array(arena, raw->function_count, sizeof *file->functions);
	for (size_t i = 0, next; i < raw->function_count; i = next) {
		for (next = i + 1; next < raw->function_count; next++)
			if (compare_functions(&raw->functions[i], &raw->functions[next]))
				break;
		file->functions[file->function_count++] =
			merge_instances(&raw->functions[i], next - i, arena);
	}
}

static int compare_places(const void *left, const void *right)
{
	return fl_position_compare(*(const struct fl_position *)left, *(const struct fl_position *)right);
}

/* What is excluded on each line up to the last one that matters. */
enum { NO_LINE = 1, NO_BRANCH = 2 };
struct lid {
	unsigned char *lines;
	uint32_t last;
};

static void cover(struct lid *lid, uint32_t first, uint32_t last, unsigned char what)
{
	for (uint32_t line = first; line <= last && line <= lid->last; line++)
		lid->lines[line] |= what;
}

static bool is_covered(const struct lid *lid, uint32_t line, unsigned char what)
{
	return line <= lid->last && lid->lines[line] & what;
}

/* The brace may stand on the line after the marker. */
static void cover_function(struct lid *lid, const struct fl_file *file, uint32_t line)
{
	for (size_t i = 0; i < file->function_count; i++) {
		const struct fl_function *function = &file->functions[i];
		if (function->start.line == line || function->start.line == line + 1)
			cover(lid, line, function->end.line, NO_LINE | NO_BRANCH);
	}
}

static void cover_all(struct lid *lid, const struct fl_file *file, const struct fl_source_facts *facts)
{
	for (size_t i = 0; i < facts->exclusion_count; i++) {
		const struct fl_exclusion *exclusion = &facts->exclusions[i];
		switch (exclusion->kind) {
		case FL_EXCLUDE_LINES:
			cover(lid, exclusion->first, exclusion->last, NO_LINE | NO_BRANCH);
			break;
		case FL_EXCLUDE_BRANCHES:
			cover(lid, exclusion->first, exclusion->last, NO_BRANCH);
			break;
		case FL_EXCLUDE_FUNCTION:
			cover_function(lid, file, exclusion->first);
			break;
		}
	}
}

/* Nothing begins below the last line with code, but a branch of a file without lines may. */
static uint32_t last_line(const struct fl_file *file)
{
	uint32_t last = file->line_count ? file->lines[file->line_count - 1].line : 0;
	if (file->branch_count && file->branches[file->branch_count - 1].start.line > last)
		last = file->branches[file->branch_count - 1].start.line;
	return last;
}

/* Conditions of macros that only check. Of a system header's macro clang tells a place without extent. */
static bool is_folded(const struct fl_text_facts *text, const struct fl_branch *branch)
{
	if (!branch->macro && fl_position_compare(branch->start, branch->end))
		return false;
	return bsearch(&branch->start, text->folds, text->fold_count, sizeof *text->folds, compare_places);
}

static void fold_checks(struct fl_file *file, const struct fl_text_facts *text)
{
	if (!text || !text->fold_count)
		return;
	for (size_t i = 0; i < file->branch_count; i++)
		file->branches[i].excluded |= is_folded(text, &file->branches[i]);
	for (size_t i = 0; i < file->decision_count; i++)
		file->decisions[i].excluded |= is_folded(text, file->decisions[i].conditions[0].branch);
}

void fl_file_exclude(struct fl_file *file, const struct raw_file *raw)
{
	fold_checks(file, raw->facts.text);
	if (!raw->facts.exclusion_count)
		return;
	struct lid lid = {.last = last_line(file)};
	lid.lines = fl_alloc((size_t)lid.last + 1);
	cover_all(&lid, file, &raw->facts);
	for (size_t i = 0; i < file->line_count; i++)
		file->lines[i].excluded = is_covered(&lid, file->lines[i].line, NO_LINE);
	for (size_t i = 0; i < file->region_count; i++)
		file->regions[i].excluded = is_covered(&lid, file->regions[i].start.line, NO_LINE);
	for (size_t i = 0; i < file->function_count; i++)
		file->functions[i].excluded = is_covered(&lid, file->functions[i].start.line, NO_LINE);
	for (size_t i = 0; i < file->branch_count; i++)
		file->branches[i].excluded |= is_covered(&lid, file->branches[i].start.line, NO_BRANCH);
	for (size_t i = 0; i < file->decision_count; i++)
		file->decisions[i].excluded |= is_covered(&lid, file->decisions[i].start.line, NO_BRANCH);
	free(lid.lines);
}

static void count_one(struct fl_ratio *ratio, uint64_t count)
{
	ratio->found++;
	ratio->hit += count > 0;
}

void fl_file_count(struct fl_file *file)
{
	struct fl_totals *totals = &file->totals;
	for (size_t i = 0; i < file->branch_count; i++) {
		const struct fl_branch *branch = &file->branches[i];
		struct fl_ratio outcomes = fl_branch_outcomes(branch);
		struct fl_line *line = branch->excluded ? NULL : line_at(file, branch->start.line);
		totals->branches.found += outcomes.found;
		totals->branches.hit += outcomes.hit;
		if (line) {
			line->branches += (uint32_t)outcomes.found;
			line->branches_hit += (uint32_t)outcomes.hit;
		}
	}
	for (size_t i = 0; i < file->decision_count; i++) {
		const struct fl_decision *decision = &file->decisions[i];
		if (decision->excluded)
			continue;
		totals->mcdc.found += decision->condition_count;
		totals->mcdc.hit += fl_decision_shown(decision, FL_UNIQUE_CAUSE);
		totals->mcdc_masking.found += decision->condition_count;
		totals->mcdc_masking.hit += fl_decision_shown(decision, FL_MASKING);
	}
	for (size_t i = 0; i < file->line_count; i++)
		if (!file->lines[i].excluded)
			count_one(&totals->lines, file->lines[i].count);
	for (size_t i = 0; i < file->region_count; i++)
		if (!file->regions[i].excluded)
			count_one(&totals->regions, file->regions[i].count);
	for (size_t i = 0; i < file->function_count; i++)
		if (!file->functions[i].excluded)
			count_one(&totals->functions, file->functions[i].count);
}
