/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * markdown.c: a summary for a pull request or a job's page, in GitHub's dialect.
 *
 * Everything that is not ours is escaped: names may hold markup, and a table's row ends with its line.
 */
#include <errno.h>
#include <inttypes.h>
#include <string.h>

#include "util/files.h"
#include "util/memory.h"
#include "write/write.h"

enum { MOST_RACES = 50 };

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

static void write_all(FILE *out, const struct fl_model *model)
{
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
