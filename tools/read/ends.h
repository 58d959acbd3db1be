/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * ends.h: the ends files of format.h, to the model. They are race data in form: races.h reads them, into a
 * reader of their own.
 */
#ifndef FURLONG_READ_ENDS_H
#define FURLONG_READ_ENDS_H

#include "read/races.h"

bool fl_ends_is_file(const char *path);
/* Fills in model->endings. */
void fl_ends_finish(struct fl_race_reader *reader, struct fl_model *model);

#endif
