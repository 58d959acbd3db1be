/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * races.h: race data files to the races of a model. Repetitions of one race, in any process, run or file, are
 * one.
 *
 * Files are read first; then the sources that they name are declared beside those of coverage; when it is
 * known how each is shown, the races are finished and given to the model.
 */
#ifndef FURLONG_READ_RACES_H
#define FURLONG_READ_RACES_H

#include "model/build.h"
#include "read/sources.h"
#include "util/error.h"

struct fl_race_reader;
struct fl_race_reader *fl_races_new(void);
void fl_races_free(struct fl_race_reader *reader);

/* By its name. */
bool fl_races_is_file(const char *path);
/* Where a process has ended or goes on while its last reports are judged (format.h, furlong_spool): until
 * they are, but not for ever. */
void fl_races_settle(const char *path);
/* Damaged blocks become notes. -1: not one block could be read. */
int fl_races_read(
	struct fl_race_reader *reader, const char *path, struct fl_build *build, struct fl_error *error);
/* Before and after fl_sources_resolve(). */
void fl_races_declare(struct fl_race_reader *reader, struct fl_sources *sources);
void fl_races_place(struct fl_race_reader *reader, const struct fl_sources *sources);
/* What could not be watched, as notes. */
void fl_races_note(const struct fl_race_reader *reader, struct fl_build *build);
/* Sorts and merges; everything the model needs moves to its arena. */
void fl_races_finish(struct fl_race_reader *reader, const struct fl_sources *sources, struct fl_model *model);

#endif
