/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * markers.h: what the tool reads in a source file: exclusion markers (FURLONG_EXCL_*, and lcov's and gcovr's
 * as they are).
 */
#ifndef FURLONG_READ_MARKERS_H
#define FURLONG_READ_MARKERS_H

#include "model/build.h"

struct fl_exclusions {
	struct fl_exclusion *items;
	size_t count, capacity;
	uint32_t unclosed; /* line of a START without its STOP; 0: none */
	uint32_t unopened; /* line of a STOP without its START; 0: none */
};

/* Adds what `text` excludes. The caller frees items. */
void fl_markers_scan(struct fl_exclusions *exclusions, const char *text, size_t length);

#endif
