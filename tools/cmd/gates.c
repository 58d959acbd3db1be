/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * gates.c: from options to rules, and from results to what is printed: three lines for each gate that fails.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cmd/cmd.h"
#include "model/gate.h"
#include "util/memory.h"

struct rules {
	struct fl_gate_rule *items;
	size_t count, capacity;
};

static void add(struct rules *rules, struct fl_gate_rule rule)
{
	*FL_PUSH(rules->items, rules->count, rules->capacity) = rule;
}

static enum fl_measure find_measure(const char *name, size_t length)
{
	for (enum fl_measure i = 0; i < FL_MEASURES; i++)
		if (strlen(fl_measure_name(i)) == length && !strncmp(fl_measure_name(i), name, length))
			return i;
	return FL_MEASURES;
}

static int bad_gate(const char *option, const char *word, struct fl_error *error)
{
	return fl_error_set(error, FL_EXIT_USAGE,
		"--%s wants \"PATTERN: lines P\", with more after commas (lines, branches, functions, "
		"regions, mcdc), "
		"not '%s'",
		option, word);
}

/* "src/core: lines 90, branches 80" */
static int add_pattern(struct rules *rules, enum fl_gate_kind kind, const char *option, const char *word,
	struct fl_arena *arena, struct fl_error *error)
{
	const char *colon = strrchr(word, ':');
	if (!colon || colon == word)
		return bad_gate(option, word, error);
	const char *pattern = fl_arena_bytes(arena, word, (size_t)(colon - word));
	for (const char *at = colon; *at; at += strcspn(at, ",")) {
		at += 1 + strspn(at + 1, " ");
		size_t length = strcspn(at, " ");
		enum fl_measure measure = find_measure(at, length);
		char *end;
		double limit = strtod(at + length, &end);
		end += *end == '%';
		if (measure == FL_MEASURES || end == at + length || !(limit >= 0 && limit <= 100) ||
			(*end && *end != ','))
			return bad_gate(option, word, error);
		add(rules, (struct fl_gate_rule){kind, measure, pattern, limit, 0});
		at = end;
	}
	return 0;
}

static int make_rules(const struct fl_settings *settings, struct rules *rules, struct fl_error *error)
{
	const double limits[FL_MEASURES] = {
		[FL_MEASURE_LINES] = settings->min_lines,
		[FL_MEASURE_BRANCHES] = settings->min_branches,
		[FL_MEASURE_FUNCTIONS] = settings->min_functions,
		[FL_MEASURE_REGIONS] = settings->min_regions,
		[FL_MEASURE_MCDC] = settings->min_mcdc,
	};
	for (enum fl_measure i = 0; i < FL_MEASURES; i++)
		if (limits[i] >= 0)
			add(rules, (struct fl_gate_rule){FL_GATE_TOTAL, i, NULL, limits[i], 0});
	for (size_t i = 0; i < settings->gates.count; i++)
		if (add_pattern(
			    rules, FL_GATE_GROUP, "gate", settings->gates.items[i], settings->arena, error))
			return -1;
	for (size_t i = 0; i < settings->gates_each.count; i++)
		if (add_pattern(rules, FL_GATE_EACH, "gate-each", settings->gates_each.items[i],
			    settings->arena, error))
			return -1;
	if (settings->min_diff >= 0)
		add(rules, (struct fl_gate_rule){.kind = FL_GATE_PATCH, .limit = settings->min_diff});
	if (settings->no_worse)
		add(rules, (struct fl_gate_rule){.kind = FL_GATE_NO_WORSE});
	if (settings->max_lost >= 0)
		add(rules, (struct fl_gate_rule){.kind = FL_GATE_LOST, .most = (uint64_t)settings->max_lost});
	if (settings->max_races >= 0 || settings->baseline)
		add(rules, (struct fl_gate_rule){.kind = FL_GATE_RACES,
				   .most = settings->max_races >= 0 ? (uint64_t)settings->max_races : 0});
	if (rules->count && !settings->allow_lost)
		add(rules, (struct fl_gate_rule){.kind = FL_GATE_COMPLETE});
	return 0;
}

int fl_gates_check(const struct fl_settings *settings, bool *any, struct fl_error *error)
{
	struct rules rules = {0};
	int result = make_rules(settings, &rules, error);
	*any = rules.count > 0;
	free(rules.items);
	if (!result && settings->min_diff >= 0 && !settings->base)
		return fl_error_set(
			error, FL_EXIT_USAGE, "--min-diff wants --base REV: what to compare with");
	if (!result && (settings->no_worse || settings->max_lost >= 0) && !settings->base_data.count)
		return fl_error_set(error, FL_EXIT_USAGE,
			"--%s wants --base-data DATA: what was covered at the base, as data or as a report",
			settings->no_worse ? "no-worse" : "max-lost");
	return result;
}

int fl_gates_apply(const struct fl_settings *settings, struct fl_model *model, struct fl_error *error)
{
	struct rules rules = {0};
	int result = make_rules(settings, &rules, error);
	if (!result && rules.count)
		fl_gates_judge(model, rules.items, rules.count);
	free(rules.items);
	return result;
}

/* Names of files are in it. */
static void print_clean(const char *before, const char *text)
{
	fputs(before, stderr);
	for (; *text; text++)
		putc((unsigned char)*text < 0x20 || *text == 0x7f ? '?' : *text, stderr);
	putc('\n', stderr);
}

int fl_gates_print(const struct fl_model *model)
{
	const struct fl_gates *gates = model->gates;
	int status = 0;
	for (size_t i = 0; gates && i < gates->count; i++) {
		const struct fl_gate_result *result = &gates->results[i];
		if (result->verdict == FL_GATE_NOTHING) {
			print_clean("furlong: ", result->what);
			status = FL_EXIT_DATA;
		}
		if (result->verdict != FL_GATE_FAILED)
			continue;
		print_clean("furlong: gate failed: ", result->what);
		if (*result->where)
			print_clean("  where: ", result->where);
		if (*result->see)
			print_clean("  see:   ", result->see);
		if (!status)
			status = FL_EXIT_GATE;
	}
	return status;
}
