/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * race_marks.h: which lines of which files races are on, and how pages name races. No output here.
 */
#ifndef FURLONG_HTML_RACE_MARKS_H
#define FURLONG_HTML_RACE_MARKS_H

#include "model/model.h"

/* An access of a race that is not suppressed, at the line that is to blame. */
struct fl_race_mark {
	const char *path; /* as shown */
	uint32_t line;
	uint32_t race, access; /* indices */
};

struct fl_race_marks {
	struct fl_race_mark *items; /* sorted by path, line, race, access */
	size_t count;
};

void fl_race_marks_build(struct fl_race_marks *marks, const struct fl_races *races);
void fl_race_marks_free(struct fl_race_marks *marks);
/* Those of a file: the first, and how many. */
const struct fl_race_mark *fl_race_marks_of(
	const struct fl_race_marks *marks, const char *path, size_t *count);
/* How many different races are among marks that stand together. */
uint32_t fl_race_marks_races(const struct fl_race_mark *marks, size_t count);

/* The files of the model and those that only races are in, sorted by path. To be freed. */
struct fl_file *fl_race_marks_files(const struct fl_model *model, size_t *count);

#endif
