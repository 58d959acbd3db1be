/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * data.h: one coverage data file, or the tables of one binary, checked and opened up.
 *
 * The bytes may be anything and may be cut off anywhere. What fl_data_open() lets pass is safe to use
 * through these functions.
 */
#ifndef FURLONG_READ_DATA_H
#define FURLONG_READ_DATA_H

#include <furlong/format.h>
#include <stdbool.h>

#include "util/error.h"
#include "util/files.h"

struct fl_data {
	const char *path; /* of the file; borrowed */
	struct fl_bytes bytes;
	struct furlong_data_header header; /* a binary's has no slots */
	const uint8_t *functions;          /* struct furlong_coverage_function[function_count] */
	size_t function_count;
	const uint8_t *map;
	size_t map_bytes;
	char *module; /* path of the binary */
	char *label;
	uint64_t missing_slots; /* claimed, but the file ends before them */
	int64_t modified;       /* when, ns */
};

/* A function's entry with its references resolved to offsets. */
struct fl_data_function {
	uint64_t first_counter; /* index */
	uint32_t counter_count;
	uint64_t shape, files; /* offsets in map */
};

int fl_data_open(struct fl_data *data, const char *path, struct fl_error *error);
/* From bytes in memory, which must outlive it. */
int fl_data_open_bytes(struct fl_data *data, const char *path, struct fl_bytes bytes, struct fl_error *error);
/* The tables of an instrumented binary, as a data file whose counters are all zero. */
int fl_data_open_binary(struct fl_data *data, const char *path, struct fl_error *error);
void fl_data_close(struct fl_data *data);

size_t fl_data_counters(const struct fl_data *data);
/* The truth: the sum over the slots. `sums` holds fl_data_counters(data) numbers. */
void fl_data_sum(const struct fl_data *data, uint64_t *sums);
/* The same, onto what is there. */
void fl_data_add(const struct fl_data *data, uint64_t *sums);
/* Whether they differ in nothing but their counts and labels. */
bool fl_data_are_twins(const struct fl_data *left, const struct fl_data *right);
/* Entry `index`; NULL, or what is wrong with it. */
const char *fl_data_function(const struct fl_data *data, size_t index, struct fl_data_function *function);

#endif
