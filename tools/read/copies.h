/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * copies.h: what a macro is given may be put into its text several times: copies of one text in one function.
 *
 * What they say is one number: copies that control comes to one after the other count once, those on
 * different ways add up. Which it is, is told by what is around them: two arms run no more often than what
 * they are in.
 */
#ifndef FURLONG_READ_COPIES_H
#define FURLONG_READ_COPIES_H

#include "read/uses.h"

/* A region of a copy, as what is around it is looked for, further and further out. */
struct copy {
	const struct shape_region *text;
	uint32_t home; /* file id of the text in which the macro was given it */
	size_t around; /* region; at first its own */
	uint64_t came; /* how often control came to that one's inside, as far as the copies are told */
	uint64_t count;
};

/* A region of the shape. */
struct copy_told {
	bool is_copy, is_first; /* the first of its group tells the count of all */
	uint64_t count;
};

/* Buffers that are used again for the next function. */
struct copies {
	uint32_t *homes;       /* by file id; UINT32_MAX: no copy */
	struct fl_span *hulls; /* by file id: of its regions */
	size_t file_capacity;
	struct copy *items;
	size_t count, capacity;
	struct copy_told *told; /* by region, if there is any */
	size_t told_capacity;
};

/* When the uses have been found. */
void fl_copies_find(
	struct copies *copies, const struct uses *uses, const struct shape *shape, struct counts *counts);
/* The count to tell of a region that may be a copy; false: another one tells of it. */
bool fl_copies_tell(const struct copies *copies, size_t region, uint64_t *count);
void fl_copies_free(struct copies *copies);

#endif
