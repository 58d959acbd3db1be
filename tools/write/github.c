/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * github.c: workflow commands that GitHub shows beside the lines of a change.
 */
#include <string.h>

#include "model/diff.h"
#include "model/gate.h"
#include "util/memory.h"
#include "write/write.h"

enum { SHOWN_OF_A_STEP = 10 }; /* GitHub drops the rest */

/* The runner undoes %25, %0D and %0A everywhere, %3A and %2C in properties. */
static void write_escaped(FILE *out, const char *text, const char *special)
{
	for (; *text; text++) {
		if (strchr(special, *text))
			fprintf(out, "%%%02X", (unsigned char)*text);
		else
			putc(*text, out);
	}
}

static void write_property(FILE *out, const char *text)
{
	write_escaped(out, text, "%\r\n:,");
}

static void write_data(FILE *out, const char *text)
{
	write_escaped(out, text, "%\r\n");
}

static void write_access(
	FILE *out, const struct fl_race *race, const struct fl_access *access, struct fl_arena *arena)
{
	const struct fl_frame *top = fl_race_top(&access->stack);
	write_data(out, fl_race_access_full_title(race, access, arena));
	if (top)
		write_data(out,
			fl_arena_format(arena, " in %s (%s:%u)",
				top->function ? top->function : "an unknown function", top->file, top->line));
}

static void write_race(FILE *out, const struct fl_race *race, struct fl_arena *arena)
{
	const struct fl_frame *top = race->access_count ? fl_race_top(&race->accesses[0].stack) : NULL;
	fputs("::error ", out);
	if (top) {
		fputs("file=", out);
		write_property(out, top->file);
		if (top->line)
			fprintf(out, ",line=%u", top->line);
		if (top->line && top->column)
			fprintf(out, ",col=%u", top->column);
		putc(',', out);
	}
	fputs("title=", out);
	write_property(out, fl_arena_format(arena, "Furlong: %s", fl_race_title(race->kind)));
	fputs("::", out);
	if (race->says) {
		write_data(out, race->says);
		write_data(out, "\n");
	}
	for (size_t i = 0; i < race->access_count; i++) {
		const struct fl_access *access = &race->accesses[i];
		write_data(out, !i ? "" : access->title ? "\n" : "\nPrevious: ");
		write_access(out, race, access, arena);
	}
	if (fl_race_is_of_accesses(race) || race->location.place)
		write_data(out, fl_arena_format(arena, "\nOn %s.", fl_race_location_title(race, arena)));
	write_data(out, fl_arena_format(arena, "%sFingerprint %s.",
				fl_race_is_of_accesses(race) || race->location.place ? " " : "\n",
				race->fingerprint));
	putc('\n', out);
}

/* Runs of lines of the category, after those that are shown already; returns how many then are. */
static size_t write_runs(FILE *out, const struct fl_diff *diff, enum fl_category category, size_t shown)
{
	for (size_t i = 0; i < diff->file_count; i++) {
		const struct fl_diff_file *file = &diff->files[i];
		for (size_t first = 0, last; first < file->line_count && shown < SHOWN_OF_A_STEP;
			first = last + 1) {
			last = fl_diff_run(file, first);
			if (file->lines[first].category != category)
				continue;
			shown++;
			fputs("::warning file=", out);
			write_property(out, file->path);
			fprintf(out, ",line=%u,endLine=%u,title=", file->lines[first].line,
				file->lines[last].line);
			write_property(out, "Furlong: never ran");
			fputs("::", out);
			write_data(out, fl_category_words(category));
			putc('\n', out);
		}
	}
	return shown;
}

/* As many as are shown: the patch's own lines first. */
static void write_missed(FILE *out, const struct fl_diff *diff)
{
	write_runs(out, diff, FL_LBC, write_runs(out, diff, FL_UNC, 0));
}

static void write_gates(FILE *out, const struct fl_gates *gates)
{
	for (size_t i = 0; i < gates->count; i++) {
		const struct fl_gate_result *result = &gates->results[i];
		if (result->verdict == FL_GATE_PASSED)
			continue;
		fputs("::error title=", out);
		write_property(out, "Furlong: gate failed");
		fputs("::", out);
		write_data(out, result->what);
		write_data(out, *result->where ? "\nwhere: " : "");
		write_data(out, result->where);
		write_data(out, *result->see ? "\nsee: " : "");
		write_data(out, result->see);
		putc('\n', out);
	}
}

void fl_write_github(FILE *out, const struct fl_model *model)
{
	struct fl_arena *arena = fl_arena_new();
	const struct fl_races *races = &model->races;
	for (size_t i = 0, shown = 0; i < races->race_count && shown < SHOWN_OF_A_STEP; i++) {
		if (races->races[i].suppressed_by)
			continue;
		write_race(out, &races->races[i], arena);
		shown++;
	}
	if (model->diff)
		write_missed(out, model->diff);
	if (model->gates)
		write_gates(out, model->gates);
	fl_arena_free(arena);
}
