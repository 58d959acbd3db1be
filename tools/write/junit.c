/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * junit.c: races as failed test cases, for build servers that show nothing else.
 *
 * A suppressed race is a skipped case. When programs were looked at and nothing was found there is one case,
 * which passed: a suite without cases counts as a mistake in many places. When nothing was looked at it is
 * skipped.
 */
#include <inttypes.h>
#include <string.h>

#include "util/files.h"
#include "util/memory.h"
#include "util/text.h"
#include "write/write.h"

/* Text of an attribute or an element; what XML 1.0 cannot hold becomes a question mark. */
static void write_text(FILE *out, const char *text)
{
	for (const unsigned char *p = (const unsigned char *)text; *p;) {
		unsigned length = fl_text_utf8(p);
		bool beyond =
			length == 3 && p[0] == 0xef && p[1] == 0xbf && p[2] >= 0xbe; /* U+FFFE, U+FFFF */
		if (!length || beyond || (*p < 0x20 && !strchr("\t\n\r", *p)) || *p == 0x7f) {
			putc('?', out);
			p += length ? length : 1;
			continue;
		}
		const char *entity = *p == '&'    ? "&amp;"
				     : *p == '<'  ? "&lt;"
				     : *p == '>'  ? "&gt;"
				     : *p == '"'  ? "&quot;"
				     : *p == '\n' ? "&#10;"
						  : NULL;
		if (entity)
			fputs(entity, out);
		else
			fwrite(p, 1, length, out);
		p += length;
	}
}

static void write_attribute(FILE *out, const char *name, const char *text)
{
	fprintf(out, " %s=\"", name);
	write_text(out, text);
	putc('"', out);
}

/* The case is named by what stays the same from run to run. */
static void begin_case(FILE *out, const struct fl_race *race, struct fl_arena *arena)
{
	const struct fl_frame *top = race->access_count ? fl_race_top(&race->accesses[0].stack) : NULL;
	fputs("    <testcase", out);
	write_attribute(out, "classname", fl_arena_format(arena, "furlong.%s", race->kind));
	write_attribute(out, "name",
		fl_arena_format(arena, "%s [%.8s]", fl_race_brief(race, arena), race->fingerprint));
	if (top) {
		write_attribute(out, "file", top->file);
		fprintf(out, " line=\"%u\"", top->line);
	}
	fputs(" time=\"0\">\n", out);
}

static void write_race(FILE *out, const struct fl_race *race, struct fl_arena *arena)
{
	begin_case(out, race, arena);
	if (race->suppressed_by) {
		fputs("      <skipped", out);
		write_attribute(
			out, "message", fl_arena_format(arena, "suppressed by %s", race->suppressed_by));
		fputs("/>\n    </testcase>\n", out);
		return;
	}
	fputs("      <failure", out);
	write_attribute(out, "type", race->kind);
	write_attribute(out, "message",
		fl_arena_format(arena, "%s %s", fl_race_title(race->kind), fl_race_brief(race, arena)));
	putc('>', out);
	write_text(out, fl_race_text(race, arena));
	fputs("</failure>\n    </testcase>\n", out);
}

static void write_single(FILE *out, const char *name, const char *skipped)
{
	fprintf(out, "    <testcase classname=\"furlong\" name=\"%s\" time=\"0\">", name);
	if (skipped)
		fprintf(out, "<skipped message=\"%s\"/>", skipped);
	fputs("</testcase>\n", out);
}

static void write_suite(FILE *out, const struct fl_races *races)
{
	struct fl_arena *arena = fl_arena_new();
	size_t tests = races->race_count ? races->race_count : 1;
	size_t skipped = races->looked ? races->suppressed : 1;
	char counts[160];
	snprintf(counts, sizeof counts,
		"tests=\"%zu\" failures=\"%zu\" errors=\"0\" skipped=\"%zu\" time=\"0\"", tests,
		fl_races_open(races), skipped);
	fprintf(out, "<testsuites name=\"furlong\" %s>\n  <testsuite name=\"races\" %s>\n", counts, counts);
	for (size_t i = 0; i < races->race_count; i++)
		write_race(out, &races->races[i], arena);
	if (!races->looked)
		write_single(out, "races", "no program of these data was built with the race flag");
	else if (!races->race_count)
		write_single(out, "races", NULL);
	fputs("  </testsuite>\n</testsuites>\n", out);
	fl_arena_free(arena);
}

int fl_write_junit(const struct fl_model *model, const char *path, struct fl_error *error)
{
	struct fl_output output;
	if (fl_output_open(&output, path, error))
		return -1;
	fputs("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n", output.stream);
	write_suite(output.stream, &model->races);
	return fl_output_close(&output, error);
}
