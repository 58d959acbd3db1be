/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * shape.h: one function's shape and one translation unit's file table, decoded from untrusted bytes.
 *
 * A struct shape is a set of buffers that are used again for the next function. What was decoded is
 * consistent in itself: every index is in range, every line within FL_LINE_MAX.
 */
#ifndef FURLONG_READ_SHAPE_H
#define FURLONG_READ_SHAPE_H

#include "model/build.h"

struct shape_expression {
	bool add;
	uint64_t left, right; /* counts */
};

struct shape_region {
	unsigned kind;        /* enum furlong_region_kind */
	uint32_t file;        /* file id */
	uint64_t count;       /* code, gap; of true for a branch */
	uint64_t count_false; /* branch */
	uint32_t expanded;    /* expansion: file id */
	bool joined;          /* branch: it is in a decision that is told of */
	bool unfollowed;      /* branch: but how it leads to the others is not known */
	struct fl_span span;
};

struct shape_condition {
	uint32_t region, next[2];
};

struct shape_decision {
	unsigned kind;          /* enum furlong_decision_kind */
	size_t first_condition; /* in the shape's; so for paths */
	size_t condition_count;
	size_t first_path, path_count; /* counts */
	uint64_t sums;                 /* summed: the first of its counters */
};

struct shape {
	uint64_t version, flags;
	const char *name; /* in the bytes, no NUL */
	size_t name_length;
	uint64_t *files; /* index into the file table, by file id */
	size_t file_count, file_capacity;
	struct shape_expression *expressions;
	size_t expression_count, expression_capacity;
	struct shape_region *regions;
	size_t region_count, region_capacity;
	struct shape_decision *decisions;
	size_t decision_count, decision_capacity;
	struct shape_condition *conditions;
	size_t condition_count, condition_capacity;
	uint64_t *paths;
	size_t path_count, path_capacity;
};

/* Decodes the shape at bytes[offset]; returns NULL, or what is wrong with it. */
const char *fl_shape_decode(
	struct shape *shape, const uint8_t *bytes, size_t size, uint64_t offset, uint32_t counter_count);
/* Gives every expansion the count of the text that it stands for. */
void fl_shape_settle(struct shape *shape);
void fl_shape_free(struct shape *shape);

struct table_file {
	const char *path; /* in the bytes, no NUL */
	size_t path_length;
	const unsigned char *digest; /* 16 bytes, or NULL */
};

struct file_table {
	struct table_file *items;
	size_t count, capacity;
};

const char *fl_file_table_decode(
	struct file_table *table, const uint8_t *bytes, size_t size, uint64_t offset);
void fl_file_table_free(struct file_table *table);

/* Whether the compiler made no code of a region: in what it did emit, the count is no counter's. */
bool fl_shape_lacks_code(const struct shape *shape, const struct shape_region *region);

/* Evaluates counts of one function. */
struct counts {
	const struct shape *shape;
	const uint64_t *counters;   /* the function's; NULL: all zero */
	struct count_value *values; /* of expressions */
	size_t value_capacity;
	uint32_t *stack;
	uint64_t negative; /* differences that came out below zero and were taken as 0 */
};

void fl_counts_begin(struct counts *counts, const struct shape *shape, const uint64_t *counters);
uint64_t fl_counts_value(struct counts *counts, uint64_t count);
void fl_counts_free(struct counts *counts);

#endif
