/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * markdown.c: a summary for a pull request or a job's page, in GitHub's dialect.
 *
 * Everything that is not ours is escaped: names may hold markup, and a table's row ends with its line.
 */
#include <errno.h>
#include <inttypes.h>
#include <string.h>

#include "model/diff.h"
#include "model/gate.h"
#include "util/files.h"
#include "util/memory.h"
#include "write/write.h"

enum { MOST_RACES = 50, MOST_RUNS = 50 };

static void write_escaped(FILE *out, const char *text)
{
	for (; *text; text++) {
		if (*text == '<')
			fputs("&lt;", out);
		else if (*text == '>')
			fputs("&gt;", out);
		else if (*text == '&')
			fputs("&amp;", out);
		else if ((unsigned char)*text < 0x20)
			putc(' ', out);
		else if (strchr("\\`*_{}[]()#+-.!|~@:", *text))
			fprintf(out, "&#%d;",
				*text); /* a backslash would not help within a table everywhere */
		else
			putc(*text, out);
	}
}

/* Within <pre>, where Markdown looks for nothing but the end. */
static void write_preformatted(FILE *out, const char *text)
{
	for (; *text; text++) {
		if (*text == '<')
			fputs("&lt;", out);
		else if (*text == '&')
			fputs("&amp;", out);
		else
			putc(*text, out);
	}
}

static void write_place(FILE *out, const struct fl_access *access, struct fl_arena *arena)
{
	const struct fl_frame *top = fl_race_top(&access->stack);
	fputs(access->atomic ? "atomic " : "", out);
	write_escaped(out, access->title ? access->title : access->op);
	fputs("<br>", out);
	if (!top) {
		fputs("unknown", out);
		return;
	}
	write_escaped(out, top->file);
	fprintf(out, "&#58;%u", top->line);
	if (top->function) {
		fputs("<br>", out);
		write_escaped(out, fl_race_short_name(top->function, arena));
	}
}

static void write_race(FILE *out, const struct fl_race *race, struct fl_arena *arena)
{
	fputs("| ", out);
	write_escaped(out, fl_race_title(race->kind));
	for (size_t i = 0; i < 2; i++) {
		fputs(" | ", out);
		if (i < race->access_count)
			write_place(out, &race->accesses[i], arena);
	}
	fprintf(out, " | %" PRIu64 " | `%.12s` |\n", race->times, race->fingerprint);
}

static void write_details(FILE *out, const struct fl_race *race, struct fl_arena *arena)
{
	fputs("\n<details><summary>", out);
	write_escaped(out, fl_race_brief(race, arena));
	fputs("</summary>\n\n<pre>", out);
	write_preformatted(out, fl_race_text(race, arena));
	fputs("</pre>\n</details>\n", out);
}

static void write_races(FILE *out, const struct fl_races *races)
{
	struct fl_arena *arena = fl_arena_new();
	size_t open = fl_races_open(races);
	fprintf(out, "### %s Races: %zu", open ? "❌" : "✅", open);
	if (races->suppressed)
		fprintf(out, " (and %zu suppressed)", races->suppressed);
	fputs("\n\n", out);
	if (open)
		fputs("| Kind | Access | Previous access | Times | Fingerprint |\n|---|---|---|--:|---|\n",
			out);
	for (size_t i = 0; i < open && i < MOST_RACES; i++)
		write_race(out, &races->races[i], arena);
	if (open > MOST_RACES)
		fprintf(out, "\nand %zu more.\n", open - MOST_RACES);
	for (size_t i = 0; i < open && i < MOST_RACES; i++)
		write_details(out, &races->races[i], arena);
	fputs("\n", out);
	fl_arena_free(arena);
}

static void write_ratio(FILE *out, const char *what, struct fl_ratio ratio)
{
	char percent[16];
	fprintf(out, "| %s | %s | %" PRIu64 " | %" PRIu64 " |\n", what, fl_write_percent(ratio, percent),
		ratio.hit, ratio.found);
}

static void write_coverage(FILE *out, const struct fl_totals *totals)
{
	char percent[16];
	fprintf(out, "### Coverage: %s of lines\n\n", fl_write_percent(totals->lines, percent));
	fputs("| | | Hit | Of |\n|---|--:|--:|--:|\n", out);
	write_ratio(out, "Lines", totals->lines);
	write_ratio(out, "Branches", totals->branches);
	write_ratio(out, "Functions", totals->functions);
	write_ratio(out, "Regions", totals->regions);
	fputs("\n", out);
}

static void write_gates(FILE *out, const struct fl_gates *gates)
{
	static const char *const marks[] = {
		[FL_GATE_PASSED] = "✅", [FL_GATE_FAILED] = "❌", [FL_GATE_NOTHING] = "⚠️"};
	for (size_t i = 0; i < gates->count; i++) {
		const struct fl_gate_result *result = &gates->results[i];
		fprintf(out, "- %s ", marks[result->verdict]);
		write_escaped(out, result->what);
		if (*result->where) {
			fputs("<br>where: ", out);
			write_escaped(out, result->where);
		}
		if (*result->see) {
			fputs("<br>see: <code>", out);
			write_escaped(out, result->see);
			fputs("</code>", out);
		}
		putc('\n', out);
	}
	putc('\n', out);
}

/* A place that names itself as "a.c:17-19". */
static void write_run(FILE *out, const struct fl_diff_file *file, size_t first, size_t last)
{
	const struct fl_diff_line *lines = file->lines;
	fputs("| ", out);
	write_escaped(out, file->path);
	fprintf(out, "&#58;%u", lines[first].line);
	if (last > first)
		fprintf(out, "&#45;%u", lines[last].line);
	fprintf(out, " | %s |\n", fl_category_words(lines[first].category));
}

/* Runs of lines of the category, after those that are shown already; returns how many there are then. */
static size_t write_runs(FILE *out, const struct fl_diff *diff, enum fl_category category, size_t shown)
{
	for (size_t i = 0; i < diff->file_count; i++) {
		const struct fl_diff_file *file = &diff->files[i];
		for (size_t first = 0, last; first < file->line_count; first = last + 1) {
			last = fl_diff_run(file, first);
			if (file->lines[first].category != category)
				continue;
			if (!shown++)
				fputs("| Lines | |\n|---|---|\n", out);
			if (shown <= MOST_RUNS)
				write_run(out, file, first, last);
		}
	}
	return shown;
}

/* What should have run: new lines first, which are the patch's own; then those that lost their coverage. */
static void write_missed(FILE *out, const struct fl_diff *diff)
{
	size_t shown = write_runs(out, diff, FL_LBC, write_runs(out, diff, FL_UNC, 0));
	if (shown > MOST_RUNS)
		fprintf(out, "\nand %zu more places.\n", shown - MOST_RUNS);
	fputs(shown ? "\n" : "", out);
}

static void write_diff(FILE *out, const struct fl_model *model)
{
	const struct fl_diff *diff = model->diff;
	char now[16], before[16];
	if (diff->has_patch && !diff->patch.lines.found)
		fprintf(out, "### Patch: %s\n\n", fl_diff_no_code(diff));
	else if (diff->has_patch)
		fprintf(out, "### Patch: %s of changed lines (%" PRIu64 "/%" PRIu64 ")\n\n",
			fl_write_percent(diff->patch.lines, now), diff->patch.lines.hit,
			diff->patch.lines.found);
	if (diff->has_base)
		fprintf(out,
			"%s of all lines, was %s. Unchanged lines: %" PRIu64 " gained, %" PRIu64 " lost.\n\n",
			fl_write_percent(model->totals.lines, now),
			fl_write_percent(diff->base_totals.lines, before), diff->categories[FL_GBC],
			diff->categories[FL_LBC]);
	write_missed(out, diff);
}

static void write_all(FILE *out, const struct fl_model *model)
{
	if (model->gates)
		write_gates(out, model->gates);
	if (model->diff && model->totals.lines.found)
		write_diff(out, model);
	if (model->races.looked)
		write_races(out, &model->races);
	if (model->totals.lines.found)
		write_coverage(out, &model->totals);
	for (size_t i = 0; i < model->note_count; i++) {
		fputs(model->notes[i].lost ? "- ⚠️ " : "- ", out);
		write_escaped(out, model->notes[i].text);
		fputs("\n", out);
	}
}

static int append(const struct fl_model *model, const char *path, struct fl_error *error)
{
	FILE *out = fopen(path, "ae");
	if (out)
		write_all(out, model);
	if (!out || fclose(out))
		return fl_error_set(error, FL_EXIT_UNWRITABLE, "cannot write %s: %s", path, strerror(errno));
	return 0;
}

int fl_write_markdown(
	const struct fl_model *model, const char *path, enum fl_write_mode mode, struct fl_error *error)
{
	struct fl_output output;
	if (mode == FL_WRITE_APPEND)
		return append(model, path, error);
	if (fl_output_open(&output, path, error))
		return -1;
	write_all(output.stream, model);
	return fl_output_close(&output, error);
}
