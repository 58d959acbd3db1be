/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * merge_race.h: race data files into fewer. Blocks are kept as they are: the reader knows repetitions by
 * process and key, so that the same file merged twice is no more than once.
 */
#ifndef FURLONG_READ_MERGE_RACE_H
#define FURLONG_READ_MERGE_RACE_H

#include "read/merge.h"

/* Of `files` those that are race data. Into options->output when that is a race data file, else into one file
 * of each name in that directory. */
int fl_merge_races(const struct fl_words *files, const struct fl_merge_options *options, size_t *left_out,
	struct fl_error *error);

#endif
