/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * baseline.h: the file of accepted races, read and written.
 *
 *   FINGERPRINT [owner=NAME] [until=YYYY-MM-DD] [functions=HEX] [texts=HEX] [# reason]
 *
 * One race a line; blanks in a name are written %20. Lines that are empty or begin with # are comments.
 */
#ifndef FURLONG_READ_BASELINE_H
#define FURLONG_READ_BASELINE_H

#include "model/accept.h"
#include "util/error.h"

/* A line that cannot be understood is a usage error: an accepted race must not be one by mistake. */
int fl_baseline_read(
	struct fl_baseline *baseline, const char *path, struct fl_arena *arena, struct fl_error *error);
void fl_baseline_free(struct fl_baseline *baseline);
/* "YYYY-MM-DD", the end of that day in UTC; -1: no date. */
int64_t fl_baseline_date(const char *text);

/* Writes the races of the model that count, or that an entry means; entries keep what they say. `owner` and
 * `until` are for new ones. */
int fl_baseline_write(const struct fl_baseline *baseline, const struct fl_model *model, const char *path,
	const char *owner, const char *until, struct fl_error *error);

#endif
