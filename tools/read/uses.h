/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * uses.h: of each file id of a function: is it a macro's text, and where does its file use the macro?
 *
 * An expansion region leads to a macro's text or to a file that is included in a function's body. Such a file
 * shows its conditions itself; those of a macro belong to where its outermost use stands.
 */
#ifndef FURLONG_READ_USES_H
#define FURLONG_READ_USES_H

#include "read/shape.h"

struct use {
	bool macro;
	uint32_t file;       /* the file id that the outermost use stands in; without macro: this one */
	struct fl_span span; /* of that use */
	uint64_t nesting;    /* of the uses between that one and the text: sorts by the outermost of them */
};

struct use_key {
	uint64_t hash;
	size_t region;
};

/* Buffers that are used again for the next function. */
struct uses {
	struct use *items; /* by file id */
	size_t capacity;
	uint32_t *ordinals; /* by region: which of several conditions at one place it is */
	size_t ordinal_capacity;
	size_t *parents;      /* by file id: the use that leads to it; SIZE_MAX: it is no macro's text */
	struct use_key *keys; /* scratch */
	size_t key_count, key_capacity;
};

/* Whether an expansion region is an #include rather than a macro. */
typedef bool fl_uses_is_include(const void *context, const struct shape_region *expansion);

void fl_uses_find(
	struct uses *uses, const struct shape *shape, fl_uses_is_include *is_include, const void *context);
void fl_uses_free(struct uses *uses);

#endif
