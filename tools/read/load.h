/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * load.h: data files, directories of them and binaries, to a model.
 */
#ifndef FURLONG_READ_LOAD_H
#define FURLONG_READ_LOAD_H

#include "model/model.h"
#include "read/sources.h"
#include "util/error.h"

/* The files that `inputs` name: a directory stands for its data files. Fails with FL_EXIT_DATA when an
 * input is not there; a directory without data adds nothing. Names are in the arena. */
int fl_load_list(const struct fl_words *inputs, struct fl_words *files, struct fl_arena *arena,
	struct fl_error *error);

/* The sum of every counter in the data files of a directory, and the sizes of race data: whether something
 * was recorded in between. */
uint64_t fl_load_grand_total(const char *directory);

/* Reads all of them in one pass. A file that cannot be read becomes a note; it is an error when none can,
 * or when nothing is left to report. */
int fl_load(const struct fl_words *inputs, const struct fl_filter *filter, struct fl_model **model,
	struct fl_error *error);

#endif
