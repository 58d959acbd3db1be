/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * cmd.h: what the verbs share: the settings that command line and furlong.conf fill in, and the verbs.
 *
 * A verb gets its settings and gives back an exit code; on failure it fills in *error and main.c prints it.
 */
#ifndef FURLONG_CMD_CMD_H
#define FURLONG_CMD_CMD_H

#include "model/model.h"
#include "read/sources.h"
#include "util/args.h"

struct fl_settings {
	struct fl_words words; /* what is not an option */
	const char *data, *report, *label, *config, *title;
	const char *html, *single, *json, *lcov, *lcov2, *text, *sarif, *junit, *markdown, *output;
	const char *cobertura, *sonar, *jacoco, *coveralls, *llvm, *codequality;
	const char *base, *baseline, *accept, *owner, *until, *for_line, *affected_by;
	struct fl_words base_data, gates, gates_each;
	struct fl_filter filter;
	double min_lines, min_branches, min_functions, min_regions, min_mcdc,
		min_diff;            /* negative: no gate */
	int64_t max_races, max_lost; /* so here */
	int64_t repeat;
	bool fresh, no_report, compact, no_config, quiet;
	const char *color, *sort;
	bool watch, as_json, cflags, libs, uncovered, no_probe;
	bool blame, no_worse, allow_lost, smallest, tests;
	struct fl_arena *arena;
};

/* One bit each, for the table of options. */
enum fl_verb_bit {
	FL_VERB_RUN = 1 << 0,
	FL_VERB_REPORT = 1 << 1,
	FL_VERB_CHECK = 1 << 2,
	FL_VERB_SHOW = 1 << 3,
	FL_VERB_FILES = 1 << 4,
	FL_VERB_FUNCTIONS = 1 << 5,
	FL_VERB_MERGE = 1 << 6,
	FL_VERB_DUMP = 1 << 7,
	FL_VERB_FLAGS = 1 << 8,
	FL_VERB_DOCTOR = 1 << 9,
	FL_VERB_VERSION = 1 << 10,
	FL_VERB_HELP = 1 << 11,
	FL_VERB_RACES = 1 << 12,
	FL_VERB_SYMBOLIZE = 1 << 13,
	FL_VERB_DIFF = 1 << 14,
	FL_VERB_TESTS = 1 << 15,
};

/* Returns the exit code; *error is set when it speaks of a failure. */
typedef int fl_verb_run(struct fl_settings *settings, struct fl_error *error);

struct fl_verb {
	const char *name;
	enum fl_verb_bit bit;
	fl_verb_run *run;
	const char *synopsis; /* after "furlong " */
	const char *summary;  /* one line */
	const char *details;  /* for `furlong help VERB`; may be NULL */
};

extern const struct fl_verb fl_verbs[];
extern const size_t fl_verb_count;
extern const struct fl_option fl_option_table[];
extern const size_t fl_option_count;

const struct fl_verb *fl_verb_find(const char *name);
/* "unknown verb", with the nearest known one. */
int fl_verb_unknown(const char *name, struct fl_error *error);
/* Parses what follows the verb, and furlong.conf. */
int fl_settings_parse(struct fl_settings *settings, const struct fl_verb *verb, char *const *argv,
	struct fl_arena *arena, struct fl_error *error);
/* What it holds; not what its strings point into. */
void fl_settings_free(struct fl_settings *settings);

fl_verb_run fl_cmd_run, fl_cmd_report, fl_cmd_check, fl_cmd_show, fl_cmd_files, fl_cmd_functions,
	fl_cmd_races, fl_cmd_merge, fl_cmd_dump, fl_cmd_flags, fl_cmd_doctor, fl_cmd_version, fl_cmd_help,
	fl_cmd_symbolize, fl_cmd_diff, fl_cmd_tests;

/* ---- shared by several verbs ------------------------------------------------------------------- */

/* The model of `inputs`, or of the data directory when there are none, compared with the base that the
 * settings name. */
int fl_common_load(const struct fl_settings *settings, const struct fl_words *inputs, struct fl_model **model,
	struct fl_error *error);
/* compare.c: accepts races and hangs the difference off the model. */
int fl_compare(const struct fl_settings *settings, struct fl_model *model, struct fl_error *error);

/* gates.c. Whether any gate was asked for; an error when they make no sense. */
int fl_gates_check(const struct fl_settings *settings, bool *any, struct fl_error *error);
/* Judges them: results hang off the model. */
int fl_gates_apply(const struct fl_settings *settings, struct fl_model *model, struct fl_error *error);
/* Says what failed, in three lines each; returns the exit code. */
int fl_gates_print(const struct fl_model *model);
/* What each test ran, for the pages; NULL: no test has a name. To be freed. */
struct fl_tests;
struct fl_tests *fl_common_tests(
	const struct fl_settings *settings, const struct fl_words *inputs, const struct fl_model *model);
/* What ends every look at data: "coverage: ..." where there is coverage, "races: ..." where somebody looked.
 */
void fl_common_summary(const struct fl_model *model);
/* Under GitHub's runner: what it shows beside the lines of a change. */
void fl_common_annotate(const struct fl_model *model);
/* Up to `limit` notes, on stderr. */
void fl_common_notes(const struct fl_model *model, size_t limit);
/* The file that `name` means: its path, or a unique end of it. */
const struct fl_file *fl_common_find_file(
	const struct fl_model *model, const char *name, struct fl_error *error);

#endif
