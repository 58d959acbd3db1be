/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * dump.h: every structure of a data file as it stands there, for people and for scripts.
 */
#ifndef FURLONG_READ_DUMP_H
#define FURLONG_READ_DUMP_H

#include <stdbool.h>
#include <stdio.h>

#include "util/error.h"

/* Of race data. */
int fl_dump_race(const char *path, bool as_json, FILE *out, struct fl_error *error);
int fl_dump(const char *path, bool as_json, FILE *out, struct fl_error *error);

#endif
