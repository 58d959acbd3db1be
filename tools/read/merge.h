/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * merge.h: several data files of one binary and label into one.
 */
#ifndef FURLONG_READ_MERGE_H
#define FURLONG_READ_MERGE_H

#include <stdbool.h>

#include "util/error.h"
#include "util/text.h"

struct fl_merge_options {
	const char *output; /* a file when it ends in the data suffix, else a directory */
	const char *label;  /* every output gets it; NULL: labels stay, and stay apart */
	bool tests;         /* labels become records of tests, and their counts are added up */
};

/* Adds up `files` (see fl_load_list) and writes one file per binary and label; records of tests beside them
 * go along. Inputs that stand in the output directory are gone then: their counts are in what was written.
 * A file that cannot be read is named on stderr and left out; *left_out counts them. */
int fl_merge(const struct fl_words *files, const struct fl_merge_options *options, size_t *left_out,
	struct fl_error *error);

#endif
