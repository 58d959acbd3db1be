/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * diff_text.c: a difference for people: totals, categories, and every line that should have run and did not,
 * as PATH:LINE: CATEGORY text, which editors and scripts take.
 */
#include <inttypes.h>
#include <string.h>

#include "model/diff.h"
#include "util/files.h"
#include "write/write.h"

static const char *const colors[FL_CATEGORIES] = {[FL_UNC] = "\033[1;31m",
	[FL_LBC] = "\033[1;31m",
	[FL_UIC] = "\033[31m",
	[FL_GBC] = "\033[32m",
	[FL_GIC] = "\033[32m",
	[FL_GNC] = "\033[32m"};
static const char off[] = "\033[0m";

void fl_write_diff_summary(FILE *out, const struct fl_model *model)
{
	const struct fl_diff *diff = model->diff;
	char now[16], before[16];
	if (diff->has_patch) {
		struct fl_ratio lines = diff->patch.lines, branches = diff->patch.branches;
		if (lines.found)
			fprintf(out, "patch: %s of changed lines (%" PRIu64 "/%" PRIu64 ")",
				fl_write_percent(lines, now), lines.hit, lines.found);
		else
			fprintf(out, "patch: %s", fl_diff_no_code(diff));
		if (branches.found)
			fprintf(out, ", %s of branches", fl_write_percent(branches, now));
		fprintf(out, ", since %s (%.10s)\n", diff->base, diff->revision);
	}
	if (diff->has_base)
		fprintf(out,
			"base: %s of lines, was %s; %" PRIu64 " unchanged lines gained, %" PRIu64 " lost\n",
			fl_write_percent(model->totals.lines, now),
			fl_write_percent(diff->base_totals.lines, before), diff->categories[FL_GBC],
			diff->categories[FL_LBC]);
}

static void write_categories(FILE *out, const struct fl_diff *diff, bool color)
{
	for (enum fl_category i = 0; i < FL_CATEGORIES; i++) {
		const char *on = color && colors[i] && diff->categories[i] ? colors[i] : "";
		if (diff->categories[i])
			fprintf(out, "  %s%s%s %7" PRIu64 "  %s\n", on, fl_category_code(i), *on ? off : "",
				diff->categories[i], fl_category_words(i));
	}
}

static bool should_have_run(enum fl_category category)
{
	return category == FL_UNC || category == FL_LBC || category == FL_UIC;
}

/* Moves *at to the beginning of the line after `line`; returns the length of `line`, without its end. */
struct text {
	const char *at, *end;
	uint32_t line; /* that stands at `at` */
};

static size_t find_line(struct text *text, uint32_t line)
{
	while (text->line < line && text->at < text->end) {
		const char *next = memchr(text->at, '\n', (size_t)(text->end - text->at));
		text->at = next ? next + 1 : text->end;
		text->line++;
	}
	size_t length = 0;
	while (text->at + length < text->end && text->at[length] != '\n' && text->at[length] != '\r')
		length++;
	return length;
}

static void write_text(FILE *out, const char *text, size_t length)
{
	while (length && (*text == ' ' || *text == '\t'))
		text++, length--;
	for (size_t i = 0; i < length; i++)
		putc((unsigned char)text[i] < 0x20 || text[i] == 0x7f ? ' ' : text[i], out);
}

static void write_line(FILE *out, const struct fl_diff *diff, const struct fl_diff_file *file,
	const struct fl_diff_line *line, struct text *text, bool color)
{
	fprintf(out, "%s:%" PRIu32 ": %s%s%s ", file->path, line->line, color ? colors[line->category] : "",
		fl_category_code(line->category), color ? off : "");
	size_t length = find_line(text, line->line);
	write_text(out, text->at, length);
	if (line->author != FL_NOBODY)
		fprintf(out, "  (%s)", diff->authors[line->author].name);
	else if (diff->has_authors)
		fputs("  (not committed)", out);
	putc('\n', out);
}

static void write_file(FILE *out, const struct fl_diff *diff, const struct fl_diff_file *file, bool color)
{
	struct fl_bytes bytes = {0};
	if (!file->file || fl_bytes_map(file->file->disk_path, &bytes))
		bytes = (struct fl_bytes){0};
	struct text text = {(const char *)bytes.data, (const char *)bytes.data + bytes.size, 1};
	for (size_t i = 0; i < file->line_count; i++)
		if (should_have_run(file->lines[i].category))
			write_line(out, diff, file, &file->lines[i], &text, color);
	fl_bytes_unmap(&bytes);
}

static uint64_t weight(const uint64_t categories[FL_CATEGORIES])
{
	return categories[FL_UNC] + categories[FL_LBC] + categories[FL_UIC] + categories[FL_GNC] +
	       categories[FL_GBC];
}

static void write_row(FILE *out, const char *name, const uint64_t categories[FL_CATEGORIES])
{
	if (weight(categories))
		fprintf(out, "  %-24s %7" PRIu64 " %7" PRIu64 " %7" PRIu64 " %7" PRIu64 " %7" PRIu64 "\n",
			name, categories[FL_UNC], categories[FL_LBC], categories[FL_UIC], categories[FL_GNC],
			categories[FL_GBC]);
}

static void write_authors(FILE *out, const struct fl_diff *diff)
{
	fprintf(out, "\n  %-24s %7s %7s %7s %7s %7s\n", "author", "UNC", "LBC", "UIC", "GNC", "GBC");
	for (size_t i = 0; i < diff->author_count; i++)
		write_row(out, diff->authors[i].name, diff->authors[i].categories);
	fprintf(out, "  %-24s\n", "age of the line");
	for (unsigned i = 0; i < FL_AGES; i++)
		write_row(out, fl_age_words(i), diff->ages[i]);
}

void fl_write_diff(FILE *out, const struct fl_model *model, bool color)
{
	const struct fl_diff *diff = model->diff;
	fl_write_diff_summary(out, model);
	write_categories(out, diff, color);
	for (size_t i = 0; i < diff->file_count; i++)
		write_file(out, diff, &diff->files[i], color);
	if (diff->has_authors)
		write_authors(out, diff);
}
