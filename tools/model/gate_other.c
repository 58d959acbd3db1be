/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * gate_other.c: gates on differences, on races, and on the data themselves.
 */
#include <inttypes.h>
#include <string.h>

#include "model/diff.h"
#include "model/gate_judge.h"
#include "util/memory.h"

/* ---- differences --------------------------------------------------------------------------------------- */

/* "src/a.c:17-19,22": the lines of a category, by runs; the first few. */
static const char *say_lines(
	const struct fl_diff_file *file, enum fl_category category, struct fl_arena *arena)
{
	const char *text = file->path;
	size_t runs = 0;
	for (size_t i = 0, last; i < file->line_count; i = last + 1) {
		last = fl_diff_run(file, i);
		if (file->lines[i].category != category)
			continue;
		if (runs++ == FL_GATE_NAMED)
			return fl_arena_format(arena, "%s,...", text);
		text = fl_arena_format(arena, "%s%c%u", text, runs > 1 ? ',' : ':', file->lines[i].line);
		if (last > i)
			text = fl_arena_format(arena, "%s-%u", text, file->lines[last].line);
	}
	return text;
}

static const char *say_files(const struct fl_diff *diff, enum fl_category category, struct fl_arena *arena)
{
	const char *text = "";
	size_t named = 0, more = 0;
	for (size_t i = 0; i < diff->file_count; i++) {
		if (!diff->files[i].categories[category])
			continue;
		if (named == FL_GATE_NAMED) {
			more++;
			continue;
		}
		text = fl_arena_format(arena, "%s%s%s", text, named++ ? "; " : "",
			say_lines(&diff->files[i], category, arena));
	}
	return more ? fl_arena_format(arena, "%s and %zu more files", text, more) : text;
}

static const char *how_to_see(const struct fl_model *model)
{
	return model->diff->has_patch
		       ? fl_arena_format(model->arena, "furlong diff --base %s", model->diff->base)
		       : "furlong diff";
}

static bool no_base(const struct fl_model *model, struct fl_gate_result *result, bool wants_coverage)
{
	const struct fl_diff *diff = model->diff;
	if (!model->file_count)
		result->what = fl_arena_format(model->arena,
			"%s: no coverage data: no program of these data was built with the coverage flag; "
			"`furlong "
			"flags coverage` prints it",
			result->name);
	else if (!diff || (wants_coverage && !diff->has_base))
		result->what = fl_arena_format(model->arena, "%s: nothing is known of the base; give %s",
			result->name, wants_coverage ? "--base-data" : "--base");
	else
		return false;
	result->verdict = FL_GATE_NOTHING;
	return true;
}

void fl_gate_patch(
	const struct fl_model *model, const struct fl_gate_rule *rule, struct fl_gate_result *result)
{
	result->name = "patch";
	if (no_base(model, result, false))
		return;
	struct fl_ratio lines = model->diff->patch.lines;
	if (!lines.found) {
		result->what = fl_arena_format(model->arena, "patch: %s", fl_diff_no_code(model->diff));
	} else if (fl_ratio_percent(lines) >= rule->limit) {
		result->what = fl_arena_format(model->arena,
			"patch: %.2f%% of %" PRIu64 " lines, at least %g%% wanted", fl_ratio_percent(lines),
			lines.found, rule->limit);
	} else {
		result->verdict = FL_GATE_FAILED;
		result->what = fl_arena_format(model->arena, "patch: of %" PRIu64 " lines %s", lines.found,
			fl_gate_below(lines, rule->limit, model->arena));
		result->where = say_files(model->diff, FL_UNC, model->arena);
		result->see = how_to_see(model);
	}
}

/* Whether a is less than b, exactly. */
static bool is_less(struct fl_ratio a, struct fl_ratio b)
{
	return a.found && b.found && (unsigned __int128)a.hit * b.found < (unsigned __int128)b.hit * a.found;
}

/* The first measure in which the file is worse; FL_MEASURES: none. */
static enum fl_measure worse_in(const struct fl_diff_file *file)
{
	for (enum fl_measure i = 0; i < FL_MEASURES && file->file && file->base; i++)
		if (i != FL_MEASURE_REGIONS && is_less(*fl_measure_ratio(&file->file->totals, i),
						       *fl_measure_ratio(&file->base->totals, i)))
			return i;
	return FL_MEASURES;
}

void fl_gate_no_worse(
	const struct fl_model *model, const struct fl_gate_rule *rule, struct fl_gate_result *result)
{
	size_t count = 0;
	(void)rule;
	result->name = "no worse";
	if (no_base(model, result, true))
		return;
	for (size_t i = 0; i < model->diff->file_count; i++) {
		const struct fl_diff_file *file = &model->diff->files[i];
		enum fl_measure measure = worse_in(file);
		if (measure == FL_MEASURES || count++ >= FL_GATE_NAMED)
			continue;
		result->where = fl_arena_format(model->arena, "%s%s%s %.2f%% of %s, was %.2f%%",
			result->where, count > 1 ? "; " : "", file->path,
			fl_ratio_percent(*fl_measure_ratio(&file->file->totals, measure)),
			fl_measure_name(measure),
			fl_ratio_percent(*fl_measure_ratio(&file->base->totals, measure)));
	}
	if (count > FL_GATE_NAMED)
		result->where = fl_arena_format(
			model->arena, "%s and %zu more files", result->where, count - FL_GATE_NAMED);
	result->what = fl_arena_format(model->arena, "no worse: %zu file%s worse than at %s", count,
		count == 1 ? " is" : "s are", model->diff->base);
	if (count) {
		result->verdict = FL_GATE_FAILED;
		result->see = how_to_see(model);
	}
}

void fl_gate_lost(
	const struct fl_model *model, const struct fl_gate_rule *rule, struct fl_gate_result *result)
{
	result->name = "lost lines";
	if (no_base(model, result, true))
		return;
	uint64_t lost = model->diff->categories[FL_LBC];
	result->what = fl_arena_format(model->arena,
		"lost lines: %" PRIu64 " unchanged lines that ran at %s do no more, at most %" PRIu64
		" wanted",
		lost, model->diff->base, rule->most);
	if (lost <= rule->most)
		return;
	result->verdict = FL_GATE_FAILED;
	result->where = say_files(model->diff, FL_LBC, model->arena);
	result->see = how_to_see(model);
}

/* ---- races --------------------------------------------------------------------------------------------- */

void fl_gate_races(
	const struct fl_model *model, const struct fl_gate_rule *rule, struct fl_gate_result *result)
{
	const struct fl_races *races = &model->races;
	struct fl_arena *arena = model->arena;
	result->name = "races";
	if (!races->looked) {
		result->verdict = FL_GATE_NOTHING;
		result->what =
			"no race data for --max-races: no program of these data was built with the race "
			"flag; `furlong flags race` prints it";
		return;
	}
	size_t open = fl_races_open(races);
	if (open <= rule->most) {
		result->what =
			fl_arena_format(arena, "races: %zu, at most %" PRIu64 " wanted", open, rule->most);
		return;
	}
	result->verdict = FL_GATE_FAILED;
	result->what = fl_arena_format(
		arena, "races: %zu, %" PRIu64 " more than %" PRIu64, open, open - rule->most, rule->most);
	for (size_t i = 0; i < open && i < FL_GATE_NAMED; i++) {
		const struct fl_race *race = &races->races[i];
		result->where = fl_arena_format(arena, "%s%s%s [%.8s]", result->where, i ? "; " : "",
			fl_race_brief(race, arena), race->fingerprint);
		if (races->runs > 1)
			result->where = fl_arena_format(
				arena, "%s in %u of %u runs", result->where, race->runs, races->runs);
	}
	if (open > FL_GATE_NAMED)
		result->where =
			fl_arena_format(arena, "%s and %zu more", result->where, open - FL_GATE_NAMED);
	result->see = fl_arena_format(arena, "furlong races %.12s", races->races[0].fingerprint);
}

/* ---- data ---------------------------------------------------------------------------------------------- */

void fl_gate_complete(
	const struct fl_model *model, const struct fl_gate_rule *rule, struct fl_gate_result *result)
{
	size_t lost = 0;
	(void)rule;
	result->name = "data";
	for (size_t i = 0; i < model->note_count; i++) {
		if (model->notes[i].lost && !lost++)
			result->where = model->notes[i].text;
	}
	result->what = lost ? "data: not complete: what they say may be too little" : "data: complete";
	if (lost > 1)
		result->where = fl_arena_format(model->arena, "%s; and %zu more", result->where, lost - 1);
	if (lost) {
		result->verdict = FL_GATE_FAILED;
		result->see = "furlong doctor (or accept it: --allow-lost)";
	}
}
