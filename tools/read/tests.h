/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * tests.h: the tests of data files: those that records beside them name, and those whose label a file has.
 */
#ifndef FURLONG_READ_TESTS_H
#define FURLONG_READ_TESTS_H

#include "model/tests.h"
#include "read/sources.h"
#include "util/error.h"

/* What each test of `inputs` ran of the model's lines, which came from the same inputs and filter. Fails with
 * FL_EXIT_DATA when no test has a name. *damaged: how many records could not be read. */
int fl_tests_load(const struct fl_words *inputs, const struct fl_filter *filter, const struct fl_model *model,
	struct fl_tests **tests, size_t *damaged, struct fl_error *error);

/* The path of the records beside a data file, or NULL when that is no data file of coverage. In the arena. */
const char *fl_tests_path(const char *data, struct fl_arena *arena);

/* Records as they are written. */
struct fl_test_bytes {
	unsigned char *items; /* malloc'ed */
	size_t count, capacity;
};
/* What a label counted, as a record. */
void fl_test_bytes_add(struct fl_test_bytes *bytes, uint64_t module_id, const char *label,
	const uint64_t *counts, size_t count);
/* All that stands in a file of records, if there is one. */
void fl_test_bytes_add_file(struct fl_test_bytes *bytes, const char *path);

/* Records, one after the other. */
struct fl_test_records {
	const unsigned char *at, *end;
	size_t damaged;
};
struct fl_test_counts {
	uint64_t module_id;
	const char *label;
	size_t label_bytes;
	const unsigned char *at, *end; /* of the entries */
	uint32_t left;
	uint64_t next; /* counter */
};
bool fl_test_records_next(struct fl_test_records *records, struct fl_test_counts *counts);
/* Whether there is another counter, and what it counted. */
bool fl_test_counts_next(struct fl_test_counts *counts, uint64_t *counter, uint64_t *count);

#endif
