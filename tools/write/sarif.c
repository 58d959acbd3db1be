/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * sarif.c: races as SARIF 2.1.0 results, for code scanning services and editors.
 *
 * A result stands at the later access; the earlier one, the memory's origin and the threads' creation are
 * related locations. The code flow has one thread flow for each access, from the thread's first function to
 * the access.
 */
#include <stdlib.h>
#include <string.h>

#include "util/files.h"
#include "util/memory.h"
#include "write/json_out.h"
#include "write/sarif_out.h"
#include "write/write.h"

struct sarif {
	struct json_out *json;
	const struct fl_model *model;
	struct fl_arena *arena;
	const char **kinds; /* rules: each once */
	size_t kind_count;
	uint64_t related; /* number of the next related location of a result */
};

static size_t rule_index(const struct sarif *sarif, const char *kind)
{
	size_t i = 0;
	while (i < sarif->kind_count && strcmp(sarif->kinds[i], kind))
		i++;
	return i;
}

static void collect_rules(struct sarif *sarif)
{
	const struct fl_races *races = &sarif->model->races;
	sarif->kinds = fl_arena_array(sarif->arena, races->race_count + 1, sizeof *sarif->kinds);
	for (size_t i = 0; i < races->race_count; i++)
		if (rule_index(sarif, races->races[i].kind) == sarif->kind_count)
			sarif->kinds[sarif->kind_count++] = races->races[i].kind;
}

static void write_message(struct sarif *sarif, const char *key, const char *text)
{
	json_open(sarif->json, key, '{');
	json_text(sarif->json, "text", text);
	json_close(sarif->json, '}');
}

static void write_rules(struct sarif *sarif)
{
	struct json_out *json = sarif->json;
	json_open(json, "rules", '[');
	for (size_t i = 0; i < sarif->kind_count; i++) {
		const char *kind = sarif->kinds[i];
		json_open(json, NULL, '{');
		json_text(json, "id", kind);
		json_text(json, "name", fl_sarif_rule_name(kind, sarif->arena));
		write_message(sarif, "shortDescription", fl_race_title(kind));
		write_message(sarif, "fullDescription", fl_sarif_rule_text(kind));
		write_message(sarif, "help",
			fl_arena_format(sarif->arena,
				"%s `furlong races FINGERPRINT` shows all stacks in a terminal; the "
				"fingerprint is in partialFingerprints.",
				fl_sarif_rule_text(kind)));
		json_open(json, "defaultConfiguration", '{');
		json_text(json, "level", "error");
		json_close(json, '}');
		json_open(json, "properties", '{');
		json_open(json, "tags", '[');
		json_text(json, NULL, "concurrency");
		json_text(json, NULL, "correctness");
		json_close(json, ']');
		json_text(json, "precision", "very-high");
		json_text(json, "problem.severity", "error");
		json_close(json, '}');
		json_close(json, '}');
	}
	json_close(json, ']');
}

static const char *access_text(
	const struct sarif *sarif, const struct fl_race *race, const struct fl_access *access)
{
	const char *locks = "";
	for (size_t i = 0; i < access->held_count; i++)
		locks = fl_arena_format(
			sarif->arena, "%s%s M%u", locks, *locks ? "," : ", holding", access->held[i].lock);
	return fl_arena_format(
		sarif->arena, "%s%s", fl_race_access_full_title(race, access, sarif->arena), locks);
}

static void write_related(struct sarif *sarif, const struct fl_stack *stack, const char *text)
{
	const struct fl_frame *top = fl_race_top(stack);
	if (!top)
		return;
	fl_sarif_location(sarif->json, top, &(struct fl_sarif_words){text, ++sarif->related});
}

static void write_related_locations(struct sarif *sarif, const struct fl_race *race)
{
	struct json_out *json = sarif->json;
	sarif->related = 0;
	json_open(json, "relatedLocations", '[');
	for (size_t i = 1; i < race->access_count; i++)
		write_related(sarif, &race->accesses[i].stack,
			fl_arena_format(sarif->arena, "%s%s", race->accesses[i].title ? "" : "Previous: ",
				access_text(sarif, race, &race->accesses[i])));
	write_related(sarif, &race->location.allocated,
		fl_arena_format(sarif->arena, "The memory, %s, was allocated here",
			fl_race_location_title(race, sarif->arena)));
	write_related(sarif, &race->location.freed_at, "The memory was freed here");
	for (size_t i = 0; i < race->thread_count; i++)
		write_related(sarif, &race->threads[i].created,
			fl_arena_format(sarif->arena, "Thread %s was created here",
				fl_race_thread_title(race, race->threads[i].number, sarif->arena)));
	json_close(json, ']');
}

/* From the outermost frame to the access. */
static void write_thread_flow(struct sarif *sarif, const struct fl_race *race, const struct fl_access *access)
{
	struct json_out *json = sarif->json;
	const struct fl_stack *stack = &access->stack;
	size_t level = 0;
	json_open(json, NULL, '{');
	json_text(json, "id", fl_race_thread_name(access->thread, sarif->arena));
	write_message(sarif, "message", access_text(sarif, race, access));
	json_open(json, "locations", '[');
	for (size_t i = stack->count; i-- > 0;) {
		const struct fl_frame *frame = &stack->frames[i];
		if (frame->cut)
			continue;
		const char *text =
			i ? frame->function ? frame->function : "calls" : access_text(sarif, race, access);
		json_open(json, NULL, '{');
		fl_sarif_location_as(json, "location", frame, &(struct fl_sarif_words){text, 0});
		json_number(json, "nestingLevel", level++);
		json_text(json, "importance", i ? "unimportant" : "essential");
		json_close(json, '}');
	}
	if (!level) { /* at least one location is required */
		json_open(json, NULL, '{');
		json_close(json, '}');
	}
	json_close(json, ']');
	json_close(json, '}');
}

static void write_code_flows(struct sarif *sarif, const struct fl_race *race)
{
	struct json_out *json = sarif->json;
	json_open(json, "codeFlows", '[');
	json_open(json, NULL, '{');
	write_message(sarif, "message",
		fl_race_is_of_accesses(race) ? "Nothing orders these two accesses."
		: race->says                 ? race->says
					     : fl_race_title(race->kind));
	json_open(json, "threadFlows", '[');
	for (size_t i = 0; i < race->access_count; i++)
		write_thread_flow(sarif, race, &race->accesses[i]);
	json_close(json, ']');
	json_close(json, '}');
	json_close(json, ']');
}

static void write_stacks(struct sarif *sarif, const struct fl_race *race)
{
	struct json_out *json = sarif->json;
	json_open(json, "stacks", '[');
	for (size_t i = 0; i < race->access_count; i++) {
		const struct fl_access *access = &race->accesses[i];
		json_open(json, NULL, '{');
		write_message(sarif, "message", access_text(sarif, race, access));
		json_open(json, "frames", '[');
		for (size_t j = 0; j < access->stack.count; j++)
			if (!access->stack.frames[j].cut)
				fl_sarif_stack_frame(json, &access->stack.frames[j]);
		json_close(json, ']');
		json_close(json, '}');
	}
	json_close(json, ']');
}

static const char *step_text(const struct sarif *sarif, const struct fl_race *race)
{
	const char *text = fl_race_title(race->kind);
	if (race->says)
		text = fl_arena_format(sarif->arena, "%s: %s", text, race->says);
	for (size_t i = 0; i < race->access_count; i++) {
		const struct fl_frame *top = fl_race_top(&race->accesses[i].stack);
		text = fl_arena_format(sarif->arena, "%s%s %s in %s", text, i ? ";" : ":",
			access_text(sarif, race, &race->accesses[i]),
			top && top->function ? top->function : "an unknown function");
	}
	return fl_arena_format(sarif->arena, "%s.", text);
}

static const char *result_text(const struct sarif *sarif, const struct fl_race *race)
{
	const char *text = fl_race_title(race->kind);
	if (!fl_race_is_of_accesses(race))
		return step_text(sarif, race);
	for (size_t i = 0; i < race->access_count; i++) {
		const struct fl_frame *top = fl_race_top(&race->accesses[i].stack);
		text = fl_arena_format(sarif->arena, "%s%s %s in %s", text, i ? "; previous:" : ":",
			access_text(sarif, race, &race->accesses[i]),
			top && top->function ? top->function : "an unknown function");
	}
	return fl_arena_format(sarif->arena, "%s; on %s.", text, fl_race_location_title(race, sarif->arena));
}

static void write_main_location(struct sarif *sarif, const struct fl_race *race)
{
	const struct fl_stack *stack = race->access_count ? &race->accesses[0].stack : NULL;
	const struct fl_frame *top = stack ? fl_race_top(stack) : NULL;
	if (!top && stack && stack->count && !stack->frames[0].cut)
		top = &stack->frames[0];
	json_open(sarif->json, "locations", '[');
	if (top)
		fl_sarif_location(sarif->json, top, &(struct fl_sarif_words){NULL, 0});
	json_close(sarif->json, ']');
}

static void write_suppression(struct sarif *sarif, const struct fl_race *race)
{
	struct json_out *json = sarif->json;
	json_open(json, "suppressions", '[');
	if (race->suppressed_by) {
		json_open(json, NULL, '{');
		json_text(json, "kind", "external");
		json_text(json, "status", "accepted");
		json_text(json, "justification", race->suppressed_by);
		json_close(json, '}');
	}
	json_close(json, ']');
}

static void write_result(struct sarif *sarif, const struct fl_race *race)
{
	struct json_out *json = sarif->json;
	json_newline(json);
	json_open(json, NULL, '{');
	json_text(json, "ruleId", race->kind);
	json_number(json, "ruleIndex", rule_index(sarif, race->kind));
	json_text(json, "kind", "fail");
	json_text(json, "level", "error");
	write_message(sarif, "message", result_text(sarif, race));
	write_main_location(sarif, race);
	write_related_locations(sarif, race);
	write_code_flows(sarif, race);
	write_stacks(sarif, race);
	json_open(json, "partialFingerprints", '{');
	json_text(json, "furlongRace/v1", race->fingerprint);
	json_close(json, '}');
	if (race->times)
		json_number(json, "occurrenceCount", race->times);
	write_suppression(sarif, race);
	json_open(json, "properties", '{');
	json_text(json, "program", race->program);
	json_number(json, "processes", race->processes);
	json_close(json, '}');
	json_close(json, '}');
}

static void write_tool(struct sarif *sarif)
{
	struct json_out *json = sarif->json;
	json_open(json, "tool", '{');
	json_open(json, "driver", '{');
	json_text(json, "name", "Furlong");
	json_text(json, "version", FURLONG_VERSION);
	json_text(json, "semanticVersion", FURLONG_VERSION);
	write_rules(sarif);
	json_close(json, '}');
	json_close(json, '}');
}

static void write_invocation(struct sarif *sarif)
{
	struct json_out *json = sarif->json;
	json_open(json, "invocations", '[');
	json_open(json, NULL, '{');
	json_bool(json, "executionSuccessful", true);
	json_open(json, "toolExecutionNotifications", '[');
	for (size_t i = 0; i < sarif->model->note_count; i++) {
		json_open(json, NULL, '{');
		write_message(sarif, "message", sarif->model->notes[i].text);
		json_text(json, "level", sarif->model->notes[i].lost ? "warning" : "note");
		json_close(json, '}');
	}
	json_close(json, ']');
	json_close(json, '}');
	json_close(json, ']');
}

static void write_run(struct sarif *sarif)
{
	struct json_out *json = sarif->json;
	const struct fl_races *races = &sarif->model->races;
	json_open(json, NULL, '{');
	write_tool(sarif);
	write_invocation(sarif);
	fl_sarif_base(json, sarif->model->root);
	json_text(json, "columnKind", "unicodeCodePoints");
	json_open(json, "results", '[');
	for (size_t i = 0; i < races->race_count; i++)
		write_result(sarif, &races->races[i]);
	json_close(json, ']');
	json_close(json, '}');
}

int fl_write_sarif(const struct fl_model *model, const char *path, struct fl_error *error)
{
	struct fl_output output;
	if (fl_output_open(&output, path, error))
		return -1;
	struct json_out json = {.stream = output.stream};
	struct sarif sarif = {.json = &json, .model = model, .arena = fl_arena_new()};
	collect_rules(&sarif);
	json_open(&json, NULL, '{');
	json_text(&json, "$schema", "https://json.schemastore.org/sarif-2.1.0.json");
	json_text(&json, "version", "2.1.0");
	json_open(&json, "runs", '[');
	write_run(&sarif);
	json_close(&json, ']');
	json_close(&json, '}');
	putc('\n', output.stream);
	fl_arena_free(sarif.arena);
	return fl_output_close(&output, error);
}
