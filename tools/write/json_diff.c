/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * json_diff.c: the difference against a base, and the gates, as parts of our JSON.
 */
#include "model/diff.h"
#include "model/gate.h"
#include "write/json_out.h"
#include "write/write.h"

static void write_ratio(struct json_out *json, const char *key, struct fl_ratio ratio)
{
	json_open(json, key, '{');
	json_number(json, "found", ratio.found);
	json_number(json, "hit", ratio.hit);
	json_close(json, '}');
}

static void write_patch(struct json_out *json, const struct fl_totals *patch)
{
	json_open(json, "patch", '{');
	write_ratio(json, "lines", patch->lines);
	write_ratio(json, "branches", patch->branches);
	write_ratio(json, "functions", patch->functions);
	json_close(json, '}');
}

static void write_categories(struct json_out *json, const uint64_t categories[FL_CATEGORIES])
{
	json_open(json, "categories", '{');
	for (enum fl_category i = 0; i < FL_CATEGORIES; i++)
		json_number(json, fl_category_code(i), categories[i]);
	json_close(json, '}');
}

static const char *change_word(enum fl_change change)
{
	static const char *const words[] = {
		[FL_CHANGE_NONE] = "none",
		[FL_CHANGE_EDITED] = "edited",
		[FL_CHANGE_ADDED] = "added",
		[FL_CHANGE_MOVED] = "moved",
		[FL_CHANGE_DELETED] = "deleted",
	};
	return words[change];
}

static void write_line(struct json_out *json, const struct fl_diff *diff, const struct fl_diff_line *line)
{
	json_open(json, NULL, '{');
	json_text(json, "category", fl_category_code(line->category));
	if (line->line)
		json_number(json, "line", line->line);
	if (line->base_line)
		json_number(json, "base_line", line->base_line);
	json_number(json, "count", line->count);
	json_number(json, "base_count", line->base_count);
	if (line->author != FL_NOBODY) {
		json_text(json, "author", diff->authors[line->author].name);
		json_number(json, "written", (uint64_t)line->written);
	}
	json_close(json, '}');
}

static void write_file(struct json_out *json, const struct fl_diff *diff, const struct fl_diff_file *file)
{
	json_newline(json);
	json_open(json, NULL, '{');
	json_text(json, "path", file->path);
	if (file->base_path)
		json_text(json, "base_path", file->base_path);
	json_text(json, "change", change_word(file->change));
	write_patch(json, &file->patch);
	write_categories(json, file->categories);
	json_open(json, "lines", '[');
	for (size_t i = 0; i < file->line_count; i++)
		write_line(json, diff, &file->lines[i]);
	json_close(json, ']');
	json_close(json, '}');
}

static void write_authors(struct json_out *json, const struct fl_diff *diff)
{
	json_open(json, "authors", '[');
	for (size_t i = 0; i < diff->author_count; i++) {
		json_open(json, NULL, '{');
		json_text(json, "name", diff->authors[i].name);
		write_categories(json, diff->authors[i].categories);
		json_close(json, '}');
	}
	json_close(json, ']');
	json_open(json, "ages", '[');
	for (unsigned i = 0; i < FL_AGES; i++) {
		json_open(json, NULL, '{');
		json_text(json, "age", fl_age_words(i));
		write_categories(json, diff->ages[i]);
		json_close(json, '}');
	}
	json_close(json, ']');
}

void fl_write_json_diff(struct json_out *json, const char *key, const struct fl_diff *diff)
{
	json_open(json, key, '{');
	json_text(json, "base", diff->base);
	if (diff->revision)
		json_text(json, "revision", diff->revision);
	if (diff->has_base) {
		json_open(json, "base_totals", '{');
		write_ratio(json, "lines", diff->base_totals.lines);
		write_ratio(json, "branches", diff->base_totals.branches);
		write_ratio(json, "functions", diff->base_totals.functions);
		json_close(json, '}');
	}
	write_patch(json, &diff->patch);
	write_categories(json, diff->categories);
	json_open(json, "files", '[');
	for (size_t i = 0; i < diff->file_count; i++)
		write_file(json, diff, &diff->files[i]);
	json_close(json, ']');
	if (diff->has_authors)
		write_authors(json, diff);
	json_close(json, '}');
}

void fl_write_json_gates(struct json_out *json, const char *key, const struct fl_gates *gates)
{
	static const char *const verdicts[] = {[FL_GATE_PASSED] = "passed",
		[FL_GATE_FAILED] = "failed",
		[FL_GATE_NOTHING] = "nothing to judge"};
	json_open(json, key, '[');
	for (size_t i = 0; i < gates->count; i++) {
		const struct fl_gate_result *result = &gates->results[i];
		json_open(json, NULL, '{');
		json_text(json, "name", result->name);
		json_text(json, "verdict", verdicts[result->verdict]);
		json_text(json, "what", result->what);
		json_text(json, "where", result->where);
		json_text(json, "see", result->see);
		json_close(json, '}');
	}
	json_close(json, ']');
}
