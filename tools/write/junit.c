/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * junit.c: races and gates as failed test cases, for build servers that show nothing else.
 *
 * A suppressed race is a skipped case. When programs were looked at and nothing was found there is one case,
 * which passed: a suite without cases counts as a mistake in many places. When nothing was looked at it is
 * skipped. No attribute is here that the schema of Jenkins (junit-10.xsd) does not have: a plugin of its
 * refuses the whole file for one.
 */
#include <inttypes.h>

#include "model/gate.h"
#include "util/files.h"
#include "util/memory.h"
#include "write/write.h"
#include "write/xml_out.h"

/* The case is named by what stays the same from run to run. */
static void begin_case(FILE *out, const struct fl_race *race, struct fl_arena *arena)
{
	fputs("    <testcase", out);
	xml_attribute(out, "classname", fl_arena_format(arena, "furlong.%s", race->kind));
	xml_attribute(out, "name",
		fl_arena_format(arena, "%s [%.8s]", fl_race_brief(race, arena), race->fingerprint));
	fputs(" time=\"0\">\n", out);
}

static void write_race(FILE *out, const struct fl_race *race, struct fl_arena *arena)
{
	begin_case(out, race, arena);
	if (race->suppressed_by) {
		fputs("      <skipped", out);
		xml_attribute(
			out, "message", fl_arena_format(arena, "suppressed by %s", race->suppressed_by));
		fputs("/>\n    </testcase>\n", out);
		return;
	}
	fputs("      <failure", out);
	xml_attribute(out, "type", race->kind);
	xml_attribute(out, "message",
		fl_arena_format(arena, "%s %s", fl_race_title(race->kind), fl_race_brief(race, arena)));
	putc('>', out);
	xml_text(out, fl_race_text(race, arena));
	fputs("</failure>\n    </testcase>\n", out);
}

static void write_single(FILE *out, const char *name, const char *skipped)
{
	fprintf(out, "    <testcase classname=\"furlong\" name=\"%s\" time=\"0\">", name);
	if (skipped)
		fprintf(out, "<skipped message=\"%s\"/>", skipped);
	fputs("</testcase>\n", out);
}

struct counts {
	size_t tests, failures, skipped;
};

static void begin_suite(FILE *out, const char *element, const char *name, struct counts counts)
{
	fprintf(out, "%s name=\"%s\" tests=\"%zu\" failures=\"%zu\" errors=\"0\" time=\"0\"", element, name,
		counts.tests, counts.failures);
	if (*element == ' ') /* all suites together have no such number */
		fprintf(out, " skipped=\"%zu\"", counts.skipped);
	fputs(">\n", out);
}

static void write_races(FILE *out, const struct fl_races *races, struct counts counts)
{
	struct fl_arena *arena = fl_arena_new();
	begin_suite(out, "  <testsuite", "races", counts);
	for (size_t i = 0; i < races->race_count; i++)
		write_race(out, &races->races[i], arena);
	if (!races->looked)
		write_single(out, "races", "no program of these data was built with the race flag");
	else if (!races->race_count)
		write_single(out, "races", NULL);
	fputs("  </testsuite>\n", out);
	fl_arena_free(arena);
}

static void write_gate(FILE *out, const struct fl_gate_result *result, struct fl_arena *arena)
{
	fputs("    <testcase classname=\"furlong.gate\"", out);
	xml_attribute(out, "name", result->name);
	fputs(" time=\"0\">", out);
	if (result->verdict != FL_GATE_PASSED) {
		fprintf(out, "<failure type=\"gate\"");
		xml_attribute(out, "message", result->what);
		putc('>', out);
		xml_text(out, fl_arena_format(arena, "where: %s\nsee: %s", result->where, result->see));
		fputs("</failure>", out);
	}
	fputs("</testcase>\n", out);
}

static void write_gates(FILE *out, const struct fl_gates *gates, struct counts counts)
{
	struct fl_arena *arena = fl_arena_new();
	begin_suite(out, "  <testsuite", "gates", counts);
	for (size_t i = 0; i < gates->count; i++)
		write_gate(out, &gates->results[i], arena);
	fputs("  </testsuite>\n", out);
	fl_arena_free(arena);
}

static void write_suites(FILE *out, const struct fl_model *model)
{
	const struct fl_races *races = &model->races;
	struct counts raced = {races->race_count ? races->race_count : 1, fl_races_open(races),
			      races->looked ? races->suppressed : 1},
		      gated = {0}, all = raced;
	for (size_t i = 0; model->gates && i < model->gates->count; i++) {
		gated.tests++;
		gated.failures += model->gates->results[i].verdict != FL_GATE_PASSED;
	}
	all.tests += gated.tests;
	all.failures += gated.failures;
	begin_suite(out, "<testsuites", "furlong", all);
	write_races(out, races, raced);
	if (gated.tests)
		write_gates(out, model->gates, gated);
	fputs("</testsuites>\n", out);
}

int fl_write_junit(const struct fl_model *model, const char *path, struct fl_error *error)
{
	struct fl_output output;
	if (fl_output_open(&output, path, error))
		return -1;
	fputs("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n", output.stream);
	write_suites(output.stream, model);
	return fl_output_close(&output, error);
}
