/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * json.c: docs/report.schema.json, streamed.
 */
#include "model/decision.h"
#include "util/files.h"
#include "util/memory.h"
#include "write/json_out.h"
#include "write/write.h"

static void write_ratio(struct json_out *json, const char *key, struct fl_ratio ratio)
{
	json_open(json, key, '{');
	json_number(json, "found", ratio.found);
	json_number(json, "hit", ratio.hit);
	json_close(json, '}');
}

static void write_totals(struct json_out *json, const struct fl_totals *totals)
{
	json_open(json, "totals", '{');
	write_ratio(json, "lines", totals->lines);
	write_ratio(json, "branches", totals->branches);
	write_ratio(json, "functions", totals->functions);
	write_ratio(json, "regions", totals->regions);
	write_ratio(json, "mcdc", totals->mcdc);
	write_ratio(json, "mcdc_masking", totals->mcdc_masking);
	json_close(json, '}');
}

/* Said only where it is so, like every other exception. */
static void write_excluded(struct json_out *json, bool excluded)
{
	if (excluded)
		json_bool(json, "excluded", true);
}

static void write_position(struct json_out *json, const char *key, struct fl_position position)
{
	json_open(json, key, '[');
	json_number(json, NULL, position.line);
	json_number(json, NULL, position.column);
	json_close(json, ']');
}

/* Lines for which the compiler made no code, as ranges. */
static void write_no_code(struct json_out *json, const struct fl_file *file)
{
	if (!file->no_code_count)
		return;
	json_open(json, "no_code", '[');
	for (size_t i = 0, next; i < file->no_code_count; i = next) {
		for (next = i + 1; next < file->no_code_count; next++)
			if (file->no_code[next] != file->no_code[next - 1] + 1)
				break;
		json_open(json, NULL, '[');
		json_number(json, NULL, file->no_code[i]);
		json_number(json, NULL, file->no_code[next - 1]);
		json_close(json, ']');
	}
	json_close(json, ']');
}

static void write_lines(struct json_out *json, const struct fl_file *file)
{
	json_open(json, "lines", '[');
	for (size_t i = 0; i < file->line_count; i++) {
		json_open(json, NULL, '{');
		json_number(json, "line", file->lines[i].line);
		json_number(json, "count", file->lines[i].count);
		write_excluded(json, file->lines[i].excluded);
		json_close(json, '}');
	}
	json_close(json, ']');
}

static void write_functions(struct json_out *json, const struct fl_file *file)
{
	json_open(json, "functions", '[');
	for (size_t i = 0; i < file->function_count; i++) {
		const struct fl_function *function = &file->functions[i];
		json_open(json, NULL, '{');
		json_text(json, "name", function->name);
		json_text(json, "linkage", function->linkage);
		json_number(json, "line", function->start.line);
		json_number(json, "column", function->start.column);
		json_number(json, "end_line", function->end.line);
		json_number(json, "count", function->count);
		if (function->instances > 1)
			json_number(json, "instances", function->instances);
		write_excluded(json, function->excluded);
		json_close(json, '}');
	}
	json_close(json, ']');
}

/* Where the text of a condition is that the macro used here holds. */
static void write_macro(struct json_out *json, const struct fl_branch *branch)
{
	if (!branch->macro)
		return;
	json_open(json, "macro", '{');
	json_text(json, "path", branch->macro);
	write_position(json, "start", branch->in_macro);
	write_position(json, "end", branch->in_macro_end);
	json_close(json, '}');
}

static void write_branches(struct json_out *json, const struct fl_file *file)
{
	json_open(json, "branches", '[');
	for (size_t i = 0; i < file->branch_count; i++) {
		const struct fl_branch *branch = &file->branches[i];
		json_open(json, NULL, '{');
		json_number(json, "line", branch->start.line);
		json_number(json, "column", branch->start.column);
		write_position(json, "end", branch->end);
		json_number(json, "true", branch->taken[1]);
		json_number(json, "false", branch->taken[0]);
		if (branch->folded[0] || branch->folded[1]) {
			json_open(json, "constant", '[');
			if (branch->folded[1])
				json_text(json, NULL, "true");
			if (branch->folded[0])
				json_text(json, NULL, "false");
			json_close(json, ']');
		}
		if (branch->unfollowed)
			json_text(json, "decision", "unknown");
		write_macro(json, branch);
		write_excluded(json, branch->excluded);
		json_close(json, '}');
	}
	json_close(json, ']');
}

/* "TF-": of each condition. */
static void write_vector(
	struct json_out *json, const struct fl_decision *decision, const struct fl_vector *vector)
{
	char text[FL_CONDITIONS_MAX + 1];
	fl_vector_text(decision, vector, text);
	json_text(json, "values", text);
	json_bool(json, "outcome", vector->outcome);
}

static void write_conditions(struct json_out *json, const struct fl_decision *decision)
{
	json_open(json, "conditions", '[');
	for (uint32_t i = 0; i < decision->condition_count; i++) {
		const struct fl_branch *branch = decision->conditions[i].branch;
		json_open(json, NULL, '{');
		write_position(json, "start", branch->start);
		write_position(json, "end", branch->end);
		json_number(json, "true", branch->taken[1]);
		json_number(json, "false", branch->taken[0]);
		json_bool(json, "unique_cause", decision->shown[FL_UNIQUE_CAUSE] >> i & 1);
		json_bool(json, "masking", decision->shown[FL_MASKING] >> i & 1);
		json_open(json, "next", '[');
		json_number(json, NULL, decision->conditions[i].next[0]);
		json_number(json, NULL, decision->conditions[i].next[1]);
		json_close(json, ']');
		write_macro(json, branch);
		json_close(json, '}');
	}
	json_close(json, ']');
}

static void write_missing(struct json_out *json, const char *key, const struct fl_decision *decision,
	enum fl_criterion criterion)
{
	const struct fl_suggestions *missing = &decision->missing[criterion];
	if (!missing->count)
		return;
	json_open(json, key, '[');
	for (size_t i = 0; i < missing->count; i++) {
		json_open(json, NULL, '{');
		write_vector(json, decision, &missing->items[i].vector);
		json_open(json, "shows", '[');
		for (uint32_t j = 0; j < decision->condition_count; j++)
			if (missing->items[i].shows >> j & 1)
				json_number(json, NULL, j);
		json_close(json, ']');
		json_close(json, '}');
	}
	json_close(json, ']');
}

static void write_decision(struct json_out *json, const struct fl_decision *decision)
{
	json_open(json, NULL, '{');
	write_position(json, "start", decision->start);
	write_position(json, "end", decision->end);
	write_conditions(json, decision);
	json_open(json, "vectors", '[');
	for (size_t i = 0; i < decision->vector_count; i++) {
		json_open(json, NULL, '{');
		write_vector(json, decision, &decision->vectors[i]);
		json_number(json, "count", decision->vectors[i].count);
		json_close(json, '}');
	}
	json_close(json, ']');
	write_missing(json, "missing_unique_cause", decision, FL_UNIQUE_CAUSE);
	write_missing(json, "missing_masking", decision, FL_MASKING);
	if (decision->unrecorded)
		json_number(json, "unrecorded", decision->unrecorded);
	write_excluded(json, decision->excluded);
	json_close(json, '}');
}

/* Absent where decisions were not measured. */
static void write_decisions(struct json_out *json, const struct fl_file *file)
{
	if (!file->decision_count)
		return;
	json_open(json, "decisions", '[');
	for (size_t i = 0; i < file->decision_count; i++)
		write_decision(json, &file->decisions[i]);
	json_close(json, ']');
}

static void write_regions(struct json_out *json, const struct fl_file *file)
{
	json_open(json, "regions", '[');
	for (size_t i = 0; i < file->region_count; i++) {
		const struct fl_region *region = &file->regions[i];
		json_open(json, NULL, '{');
		write_position(json, "start", region->start);
		write_position(json, "end", region->end);
		json_number(json, "count", region->count);
		write_excluded(json, region->excluded);
		json_close(json, '}');
	}
	json_close(json, ']');
}

static const char *source_word(enum fl_source_state state)
{
	switch (state) {
	case FL_SOURCE_UNKNOWN:
		return "unknown";
	case FL_SOURCE_FOUND:
		return "found";
	case FL_SOURCE_CHANGED:
		return "changed";
	case FL_SOURCE_MISSING:
		break;
	}
	return "missing";
}

static void write_file(struct json_out *json, const struct fl_file *file)
{
	json_newline(json);
	json_open(json, NULL, '{');
	json_text(json, "path", file->path);
	json_text(json, "source", source_word(file->source));
	json_text(json, "counts", file->hits ? "hits" : "times");
	write_totals(json, &file->totals);
	write_lines(json, file);
	write_no_code(json, file);
	write_functions(json, file);
	write_branches(json, file);
	write_decisions(json, file);
	write_regions(json, file);
	json_close(json, '}');
}

static void write_ending(struct json_out *json, const struct fl_ending *ending, struct fl_arena *arena)
{
	json_newline(json);
	json_open(json, NULL, '{');
	json_text(json, "cause", ending->cause);
	json_number(json, "number", (uint64_t)ending->number);
	json_text(json, "title", ending->title);
	json_number(json, "processes", ending->processes);
	json_number(json, "pid", (uint64_t)ending->pid);
	json_text(json, "program", ending->program);
	json_text(json, "label", ending->label);
	json_open(json, "threads", '[');
	for (size_t i = 0; i < ending->thread_count; i++) {
		json_open(json, NULL, '{');
		json_text(json, "name", fl_ending_thread_title(&ending->threads[i], arena));
		fl_write_json_stack(json, "stack", &ending->threads[i].stack);
		json_close(json, '}');
	}
	json_close(json, ']');
	json_close(json, '}');
}

static void write_endings(struct json_out *json, const struct fl_endings *endings)
{
	struct fl_arena *arena = fl_arena_new();
	json_open(json, "endings", '[');
	for (size_t i = 0; i < endings->count; i++)
		write_ending(json, &endings->items[i], arena);
	json_close(json, ']');
	fl_arena_free(arena);
}

static void write_modules(struct json_out *json, const struct fl_model *model)
{
	json_open(json, "modules", '[');
	for (size_t i = 0; i < model->module_count; i++) {
		json_open(json, NULL, '{');
		json_text(json, "path", model->modules[i].path);
		json_text(json, "label", model->modules[i].label);
		json_close(json, '}');
	}
	json_close(json, ']');
}

static void write_quality(struct json_out *json, const struct fl_model *model)
{
	json_open(json, "quality", '{');
	json_bool(json, "complete", fl_model_complete(model));
	json_open(json, "notes", '[');
	for (size_t i = 0; i < model->note_count; i++)
		json_text(json, NULL, model->notes[i].text);
	json_close(json, ']');
	if (model->races.looked)
		fl_write_json_race_quality(json, "race", &model->races);
	json_close(json, '}');
}

int fl_write_json(const struct fl_model *model, const char *path, struct fl_error *error)
{
	struct fl_output output;
	if (fl_output_open(&output, path, error))
		return -1;
	struct json_out json = {.stream = output.stream};
	json_open(&json, NULL, '{');
	json_text(&json, "schema", "furlong.report/1");
	json_text(&json, "root", model->root);
	write_modules(&json, model);
	json_open(&json, "coverage", '{');
	write_totals(&json, &model->totals);
	json_open(&json, "files", '[');
	for (size_t i = 0; i < model->file_count; i++)
		write_file(&json, &model->files[i]);
	json_close(&json, ']');
	if (model->endings.count)
		write_endings(&json, &model->endings);
	json_close(&json, '}');
	if (model->races.looked)
		fl_write_json_races(&json, "races", &model->races);
	if (model->diff)
		fl_write_json_diff(&json, "diff", model->diff);
	if (model->gates)
		fl_write_json_gates(&json, "gates", model->gates);
	write_quality(&json, model);
	json_close(&json, '}');
	putc('\n', output.stream);
	return fl_output_close(&output, error);
}
