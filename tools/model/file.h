/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * file.h: inside model/ only: what is known of one file while the model is being built, and the steps
 * that turn it into a struct fl_file. The steps touch nothing but that file and the arena they are given,
 * so files can be finished by several threads.
 */
#ifndef FURLONG_MODEL_FILE_H
#define FURLONG_MODEL_FILE_H

#include "model/build.h"

/* A region as it was said: 24 bytes, because there are millions. */
struct raw_region {
	struct fl_position start;
	uint32_t end_line;
	uint32_t end_column : 30, kind : 2;
	uint64_t count;
};

struct raw_branch {
	struct fl_span span;
	uint64_t taken[2];
	bool folded[2];
};

struct raw_function {
	struct fl_span span;
	const char *linkage; /* interned: equal names are equal pointers */
	uint64_t count;
	bool from_macro;
};

struct raw_file {
	struct fl_source_facts facts;
	struct raw_region *regions;
	size_t region_count, region_capacity;
	struct raw_branch *branches;
	size_t branch_count, branch_capacity;
	struct raw_function *functions;
	size_t function_count, function_capacity;
};

/* A flattened stretch: from `start` on the text belongs to one region. */
struct segment {
	struct fl_position start;
	bool code;
	bool entry; /* a region begins here, rather than goes on after an inner one */
	bool gap;
	uint64_t count;
};

struct segments {
	struct segment *items; /* malloc'ed */
	size_t count, capacity;
};

/* Adds up regions of equal range and kind, branches of equal range; sorts them. */
void fl_raw_combine_regions(struct raw_file *raw);
void fl_raw_combine_branches(struct raw_file *raw);
void fl_raw_free(struct raw_file *raw);

/* Of combined regions. */
void fl_segments_build(struct segments *segments, const struct raw_region *regions, size_t count);

/* The steps, in this order; `file` has its paths. */
void fl_file_regions(struct fl_file *file, struct raw_file *raw, struct fl_arena *arena);
void fl_file_lines(struct fl_file *file, const struct raw_file *raw, struct fl_arena *arena);
void fl_file_branches(struct fl_file *file, const struct raw_file *raw, struct fl_arena *arena);
void fl_file_functions(struct fl_file *file, struct raw_file *raw, struct fl_arena *arena);
void fl_file_exclude(struct fl_file *file, const struct raw_file *raw);
void fl_file_count(struct fl_file *file);

/* A linkage name as a human reads it. */
const char *fl_name_readable(struct fl_arena *arena, const char *linkage);

static inline int fl_position_compare(struct fl_position a, struct fl_position b)
{
	uint64_t left = (uint64_t)a.line << 32 | a.column, right = (uint64_t)b.line << 32 | b.column;
	return left < right ? -1 : left > right;
}

static inline struct fl_position fl_raw_end(const struct raw_region *region)
{
	return (struct fl_position){region->end_line, region->end_column};
}

static inline uint64_t fl_add_counts(uint64_t a, uint64_t b)
{
	uint64_t sum;
	return __builtin_add_overflow(a, b, &sum) ? UINT64_MAX : sum;
}

#endif
