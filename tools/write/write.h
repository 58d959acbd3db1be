/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * write.h: the model in the formats others read. One file per format; none knows where the facts came from.
 *
 * `path` may be "-" for stdout. A file appears complete or not at all.
 */
#ifndef FURLONG_WRITE_WRITE_H
#define FURLONG_WRITE_WRITE_H

#include <stdbool.h>
#include <stdio.h>

#include "model/model.h"
#include "util/error.h"

int fl_write_json(const struct fl_model *model, const char *path, struct fl_error *error);
int fl_write_lcov(const struct fl_model *model, const char *path, struct fl_error *error);
int fl_write_lcov2(const struct fl_model *model, const char *path, struct fl_error *error);
int fl_write_cobertura(const struct fl_model *model, const char *path, struct fl_error *error);
int fl_write_sonar(const struct fl_model *model, const char *path, struct fl_error *error);
int fl_write_jacoco(const struct fl_model *model, const char *path, struct fl_error *error);
int fl_write_coveralls(const struct fl_model *model, const char *path, struct fl_error *error);
int fl_write_llvm(const struct fl_model *model, const char *path, struct fl_error *error);
int fl_write_codequality(const struct fl_model *model, const char *path, struct fl_error *error);
int fl_write_text(const struct fl_model *model, const char *path, struct fl_error *error);
/* Races only. */
int fl_write_sarif(const struct fl_model *model, const char *path, struct fl_error *error);
int fl_write_junit(const struct fl_model *model, const char *path, struct fl_error *error);
/* A summary for a pull request or a job's page; `append` adds to what is there. */
enum fl_write_mode { FL_WRITE_NEW, FL_WRITE_APPEND };
int fl_write_markdown(
	const struct fl_model *model, const char *path, enum fl_write_mode mode, struct fl_error *error);
/* One workflow command of GitHub's for each race that is not suppressed, up to what it shows of one step. */
void fl_write_github(FILE *out, const struct fl_model *model);

/* A report as the runtime prints it. In the arena. */
const char *fl_race_text(const struct fl_race *race, struct fl_arena *arena);
/* "races: none", "races: 2 (see report/index.html#races)"; `report` may be NULL. `since`: when this run
 * began; 0: all is one run. */
void fl_write_race_summary(FILE *out, const struct fl_races *races, uint64_t since, const char *report);

/* The races alone, as part of a larger document; and what was looked at. */
struct json_out;
void fl_write_json_stack(struct json_out *json, const char *key, const struct fl_stack *stack);
void fl_write_json_races(struct json_out *json, const char *key, const struct fl_races *races);
void fl_write_json_race_quality(struct json_out *json, const char *key, const struct fl_races *races);

/* The difference against a base: as text, its first lines alone, and as part of a larger document. */
struct fl_diff;
struct fl_gates;
void fl_write_diff(FILE *out, const struct fl_model *model, bool color);
void fl_write_diff_summary(FILE *out, const struct fl_model *model);
void fl_write_json_diff(struct json_out *json, const char *key, const struct fl_diff *diff);
void fl_write_json_gates(struct json_out *json, const char *key, const struct fl_gates *gates);

/* The one line of the contract: "coverage: 87.8% of lines (1204/1371), ...". */
void fl_write_summary(FILE *out, const struct fl_totals *totals);
/* Now, in s since 1970; SOURCE_DATE_EPOCH where that is set. */
uint64_t fl_write_time(void);
/* "87.5%", or "-" when there was nothing to find. */
const char *fl_write_percent(struct fl_ratio ratio, char buffer[static 16]);

#endif
