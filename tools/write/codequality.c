/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * codequality.c: GitLab's Code Quality: races that count, and runs of changed lines that never ran.
 */
#include <string.h>

#include "model/diff.h"
#include "util/files.h"
#include "util/md5.h"
#include "util/memory.h"
#include "write/json_out.h"
#include "write/write.h"

struct finding {
	const char *description, *check, *fingerprint, *severity, *path;
	uint32_t first, last;
};

static void write_finding(struct json_out *json, const struct finding *finding)
{
	json_newline(json);
	json_open(json, NULL, '{');
	json_text(json, "description", finding->description);
	json_text(json, "check_name", finding->check);
	json_text(json, "fingerprint", finding->fingerprint);
	json_text(json, "severity", finding->severity);
	json_open(json, "location", '{');
	json_text(json, "path", finding->path);
	json_open(json, "lines", '{');
	json_number(json, "begin", finding->first);
	json_number(json, "end", finding->last);
	json_close(json, '}');
	json_close(json, '}');
	json_close(json, '}');
}

/* A finding needs a place: a race in code without line numbers has none. */
static void write_race(struct json_out *json, const struct fl_race *race, struct fl_arena *arena)
{
	const struct fl_frame *top = NULL;
	for (size_t i = 0; i < race->access_count && !top; i++)
		top = fl_race_top(&race->accesses[i].stack);
	if (!top || !top->line)
		return;
	write_finding(json, &(struct finding){
				    .description = fl_arena_format(arena, "%s: %s", fl_race_title(race->kind),
					    fl_race_brief(race, arena)),
				    .check = fl_arena_format(arena, "furlong/%s", race->kind),
				    .fingerprint = race->fingerprint,
				    .severity = "critical",
				    .path = top->file,
				    .first = top->line,
				    .last = top->line,
			    });
}

/* By path, category and which run of the file it is: line numbers would make all new below a change. */
static const char *fingerprint(
	const struct fl_diff_file *file, enum fl_category category, size_t run, struct fl_arena *arena)
{
	unsigned char digest[FL_MD5_BYTES];
	const char *all = fl_arena_format(arena, "%s\n%s\n%zu", file->path, fl_category_code(category), run);
	const char *text = "";
	fl_md5(all, strlen(all), digest);
	for (size_t i = 0; i < FL_MD5_BYTES; i++)
		text = fl_arena_format(arena, "%s%02x", text, digest[i]);
	return text;
}

static void write_missed(struct json_out *json, const struct fl_diff_file *file, struct fl_arena *arena)
{
	size_t run = 0;
	for (size_t first = 0, last; first < file->line_count; first = last + 1) {
		enum fl_category category = file->lines[first].category;
		last = fl_diff_run(file, first);
		if (category != FL_UNC && category != FL_LBC)
			continue;
		write_finding(json, &(struct finding){
					    .description = fl_category_words(category),
					    .check = "furlong/never-ran",
					    .fingerprint = fingerprint(file, category, run++, arena),
					    .severity = category == FL_LBC ? "major" : "minor",
					    .path = file->path,
					    .first = file->lines[first].line,
					    .last = file->lines[last].line,
				    });
	}
}

int fl_write_codequality(const struct fl_model *model, const char *path, struct fl_error *error)
{
	struct fl_output output;
	if (fl_output_open(&output, path, error))
		return -1;
	struct fl_arena *arena = fl_arena_new();
	struct json_out json = {.stream = output.stream};
	json_open(&json, NULL, '[');
	for (size_t i = 0; i < model->races.race_count; i++)
		if (!model->races.races[i].suppressed_by)
			write_race(&json, &model->races.races[i], arena);
	for (size_t i = 0; model->diff && i < model->diff->file_count; i++)
		write_missed(&json, &model->diff->files[i], arena);
	json_close(&json, ']');
	putc('\n', output.stream);
	fl_arena_free(arena);
	return fl_output_close(&output, error);
}
