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
int fl_write_text(const struct fl_model *model, const char *path, struct fl_error *error);

/* The one line of the contract: "coverage: 87.8% of lines (1204/1371), ...". */
void fl_write_summary(FILE *out, const struct fl_totals *totals);
/* "87.5%", or "-" when there was nothing to find. */
const char *fl_write_percent(struct fl_ratio ratio, char buffer[static 16]);

#endif
