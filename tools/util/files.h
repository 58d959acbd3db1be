/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * files.h: whole files in, whole files out.
 *
 * An output appears complete under its name or not at all: it is written beside it and renamed.
 */
#ifndef FURLONG_UTIL_FILES_H
#define FURLONG_UTIL_FILES_H

#include <stddef.h>
#include <stdio.h>

#include "util/error.h"

struct fl_bytes {
	const unsigned char *data;
	size_t size;
};

/* Maps a regular file; an empty one gives size 0. errno on failure. */
int fl_bytes_map(const char *path, struct fl_bytes *bytes);
void fl_bytes_unmap(struct fl_bytes *bytes);

/* A file being written. "-" is stdout. */
struct fl_output {
	FILE *stream;
	const char *path;
	char *temporary; /* NULL for stdout and for what is not a regular file */
};

int fl_output_open(struct fl_output *output, const char *path, struct fl_error *error);
int fl_output_close(struct fl_output *output, struct fl_error *error);
void fl_output_discard(struct fl_output *output);

/* `path` and all above it. */
int fl_make_directories(const char *path, struct fl_error *error);

#endif
