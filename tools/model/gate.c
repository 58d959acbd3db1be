/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * gate.c: limits of coverage; the other kinds of gates stand in gate_other.c.
 */
#include "model/gate.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "model/gate_judge.h"
#include "util/memory.h"
#include "util/text.h"

static const struct {
	const char *name;
	size_t offset;
	const char *missed; /* "12 lines never ran" */
} measures[FL_MEASURES] = {
	[FL_MEASURE_LINES] = {"lines", offsetof(struct fl_totals, lines), "lines never ran"},
	[FL_MEASURE_BRANCHES] = {"branches", offsetof(struct fl_totals, branches), "outcomes never happened"},
	[FL_MEASURE_FUNCTIONS] = {"functions", offsetof(struct fl_totals, functions),
		"functions never called"},
	[FL_MEASURE_REGIONS] = {"regions", offsetof(struct fl_totals, regions), "regions never ran"},
	[FL_MEASURE_MCDC] = {"mcdc", offsetof(struct fl_totals, mcdc), "conditions never shown to matter"},
};

const char *fl_measure_name(enum fl_measure measure)
{
	return measures[measure].name;
}

const struct fl_ratio *fl_measure_ratio(const struct fl_totals *totals, enum fl_measure measure)
{
	return (const void *)((const char *)totals + measures[measure].offset);
}

/* How many more would do; the nearest double above limit% of found is not asked to be exact. */
static uint64_t needed_for(struct fl_ratio ratio, double limit)
{
	uint64_t needed = 0;
	while (100.0 * (double)(ratio.hit + needed) / (double)ratio.found < limit)
		needed +=
			1 + (uint64_t)((limit - 100.0 * (double)(ratio.hit + needed) / (double)ratio.found) /
				       100.0 * (double)ratio.found / 2);
	return needed;
}

const char *fl_gate_below(struct fl_ratio ratio, double limit, struct fl_arena *arena)
{
	double percent = fl_ratio_percent(ratio);
	return fl_arena_format(arena, "%.2f%% is below %g%% by %.2f points (%" PRIu64 " more needed)",
		percent, limit, limit - percent, needed_for(ratio, limit));
}

/* ---- where --------------------------------------------------------------------------------------------- */

struct missing {
	const struct fl_file *file;
	uint64_t count;
};

static int compare_missing(const void *left, const void *right)
{
	const struct missing *a = left, *b = right;
	if (a->count != b->count)
		return a->count > b->count ? -1 : 1;
	return strcmp(a->file->path, b->file->path);
}

static bool is_wanted(const struct fl_file *file, const char *pattern)
{
	return !pattern || fl_text_glob(pattern, file->path);
}

/* The files in which most is missing, and the command that shows the first. */
static void say_where(
	const struct fl_model *model, const struct fl_gate_rule *rule, struct fl_gate_result *result)
{
	struct missing *all = fl_resize(NULL, model->file_count + 1, sizeof *all);
	size_t count = 0;
	for (size_t i = 0; i < model->file_count; i++) {
		const struct fl_ratio *ratio = fl_measure_ratio(&model->files[i].totals, rule->measure);
		if (is_wanted(&model->files[i], rule->pattern) && ratio->found > ratio->hit)
			all[count++] = (struct missing){&model->files[i], ratio->found - ratio->hit};
	}
	qsort(all, count, sizeof *all, compare_missing);
	result->where = "";
	for (size_t i = 0; i < count && i < FL_GATE_NAMED; i++)
		result->where = fl_arena_format(model->arena, "%s%s%s (%" PRIu64 "%s%s)", result->where,
			i ? ", " : "", all[i].file->path, all[i].count, i ? "" : " ",
			i ? "" : measures[rule->measure].missed);
	if (count > FL_GATE_NAMED)
		result->where = fl_arena_format(
			model->arena, "%s and %zu more files", result->where, count - FL_GATE_NAMED);
	if (count)
		result->see = fl_arena_format(model->arena, "furlong show %s", all[0].file->path);
	free(all);
}

/* ---- limits -------------------------------------------------------------------------------------------- */

static void judge_ratio(const struct fl_model *model, const struct fl_gate_rule *rule, struct fl_ratio ratio,
	struct fl_gate_result *result)
{
	struct fl_arena *arena = model->arena;
	if (rule->measure == FL_MEASURE_MCDC && !ratio.found) { /* a build without it has none at all */
		result->verdict = FL_GATE_NOTHING;
		result->what =
			fl_arena_format(arena, "%s: no decision of these data was measured", result->name);
		return;
	}
	if (fl_ratio_percent(ratio) >= rule->limit) {
		result->what = fl_arena_format(arena, "%s: %.2f%% of %" PRIu64 ", at least %g%% wanted",
			result->name, fl_ratio_percent(ratio), ratio.found, rule->limit);
		return;
	}
	result->verdict = FL_GATE_FAILED;
	result->what =
		fl_arena_format(arena, "%s: %s", result->name, fl_gate_below(ratio, rule->limit, arena));
	say_where(model, rule, result);
}

void fl_gate_total(
	const struct fl_model *model, const struct fl_gate_rule *rule, struct fl_gate_result *result)
{
	result->name = measures[rule->measure].name;
	if (!model->file_count) {
		result->verdict = FL_GATE_NOTHING;
		result->what = fl_arena_format(model->arena,
			"no coverage data for --min-%s: no program of these data was built with the coverage "
			"flag; "
			"`furlong flags coverage` prints it",
			result->name);
		return;
	}
	judge_ratio(model, rule, *fl_measure_ratio(&model->totals, rule->measure), result);
}

/* A pattern that means nothing would pass whatever happens. */
static bool matches_none(
	const struct fl_model *model, const struct fl_gate_rule *rule, struct fl_gate_result *result)
{
	for (size_t i = 0; i < model->file_count; i++)
		if (is_wanted(&model->files[i], rule->pattern))
			return false;
	result->verdict = FL_GATE_NOTHING;
	result->what = fl_arena_format(
		model->arena, "%s: no file of the data matches; `furlong files` lists them", result->name);
	return true;
}

void fl_gate_group(
	const struct fl_model *model, const struct fl_gate_rule *rule, struct fl_gate_result *result)
{
	struct fl_totals totals = {0};
	result->name = fl_arena_format(model->arena, "%s: %s", rule->pattern, measures[rule->measure].name);
	if (matches_none(model, rule, result))
		return;
	for (size_t i = 0; i < model->file_count; i++)
		if (is_wanted(&model->files[i], rule->pattern))
			fl_totals_add(&totals, &model->files[i].totals);
	judge_ratio(model, rule, *fl_measure_ratio(&totals, rule->measure), result);
}

/* Each file by itself: the worst ones are named. */
struct below {
	const struct fl_file *file;
	double percent;
};

static int compare_below(const void *left, const void *right)
{
	const struct below *a = left, *b = right;
	if (a->percent != b->percent)
		return a->percent < b->percent ? -1 : 1;
	return strcmp(a->file->path, b->file->path);
}

static void say_below(const struct fl_model *model, const struct fl_gate_rule *rule, struct below *all,
	size_t count, struct fl_gate_result *result)
{
	struct fl_arena *arena = model->arena;
	qsort(all, count, sizeof *all, compare_below);
	result->verdict = FL_GATE_FAILED;
	result->what = fl_arena_format(
		arena, "%s: %zu file%s below %g%%", result->name, count, count > 1 ? "s" : "", rule->limit);
	result->where = "";
	for (size_t i = 0; i < count && i < FL_GATE_NAMED; i++)
		result->where = fl_arena_format(arena, "%s%s%s %.2f%%", result->where, i ? ", " : "",
			all[i].file->path, all[i].percent);
	if (count > FL_GATE_NAMED)
		result->where =
			fl_arena_format(arena, "%s and %zu more", result->where, count - FL_GATE_NAMED);
	result->see = fl_arena_format(arena, "furlong show %s", all[0].file->path);
}

void fl_gate_each(
	const struct fl_model *model, const struct fl_gate_rule *rule, struct fl_gate_result *result)
{
	struct below *all = fl_resize(NULL, model->file_count + 1, sizeof *all);
	size_t count = 0;
	result->name =
		fl_arena_format(model->arena, "each of %s: %s", rule->pattern, measures[rule->measure].name);
	for (size_t i = 0; i < model->file_count; i++) {
		double percent = fl_ratio_percent(*fl_measure_ratio(&model->files[i].totals, rule->measure));
		if (is_wanted(&model->files[i], rule->pattern) && percent < rule->limit)
			all[count++] = (struct below){&model->files[i], percent};
	}
	if (count)
		say_below(model, rule, all, count, result);
	else if (!matches_none(model, rule, result))
		result->what =
			fl_arena_format(model->arena, "%s: none below %g%%", result->name, rule->limit);
	free(all);
}

/* ---- all ----------------------------------------------------------------------------------------------- */

typedef void judge_gate(
	const struct fl_model *model, const struct fl_gate_rule *rule, struct fl_gate_result *result);

static judge_gate *const judges[] = {
	[FL_GATE_TOTAL] = fl_gate_total,
	[FL_GATE_GROUP] = fl_gate_group,
	[FL_GATE_EACH] = fl_gate_each,
	[FL_GATE_PATCH] = fl_gate_patch,
	[FL_GATE_NO_WORSE] = fl_gate_no_worse,
	[FL_GATE_LOST] = fl_gate_lost,
	[FL_GATE_RACES] = fl_gate_races,
	[FL_GATE_COMPLETE] = fl_gate_complete,
};

void fl_gates_judge(struct fl_model *model, const struct fl_gate_rule *rules, size_t count)
{
	struct fl_gates *gates = fl_arena_alloc(model->arena, sizeof *gates);
	gates->results = fl_arena_array(model->arena, count, sizeof *gates->results);
	gates->count = count;
	for (size_t i = 0; i < count; i++) {
		struct fl_gate_result *result = &gates->results[i];
		*result = (struct fl_gate_result){
			.kind = rules[i].kind, .name = "", .what = "", .where = "", .see = ""};
		judges[rules[i].kind](model, &rules[i], result);
	}
	model->gates = gates;
}
