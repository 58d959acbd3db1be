/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * texts.h: hands a function's regions to the builder, text by text: its file ids are texts.
 */
#ifndef FURLONG_READ_TEXTS_H
#define FURLONG_READ_TEXTS_H

#include "read/shape.h"
#include "read/sources.h"

/* Buffers that are used again for the next function. */
struct texts {
	struct fl_region_facts *regions;
	size_t *ends; /* of each text's regions */
};

/* The regions that are no branches and stand in files that are kept; `pairs` by index into the file table. */
void fl_texts_add(struct texts *texts, struct fl_build *build, const struct fl_sources *sources,
	const size_t *pairs, struct counts *counts);
void fl_texts_free(struct texts *texts);

#endif
