/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * symbolize.h: the runtime's partner (format.h, "furlong symbolize"): reads options and blocks, answers each
 * block.
 */
#ifndef FURLONG_READ_SYMBOLIZE_H
#define FURLONG_READ_SYMBOLIZE_H

#include <stdio.h>

#include "model/race.h"
#include "util/error.h"

/* How a report is put into words: writers are not the readers' business. */
typedef void fl_symbolize_write(FILE *out, const struct fl_race *race, bool tsan_style);

/* Until the other side is gone (0) or says what is not the protocol (-1). */
int fl_symbolize_serve(int fd, fl_symbolize_write *write, struct fl_error *error);

#endif
