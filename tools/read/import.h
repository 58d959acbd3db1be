/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * import.h: other tools' coverage reports, and our own JSON, as inputs beside data files.
 *
 * Like data files they are read in two steps: first every file that they name is declared to fl_sources,
 * then, when it is known what is kept, their facts go to the builder. A parser knows one format and fills in
 * struct fl_import_file; nobody else looks into it.
 */
#ifndef FURLONG_READ_IMPORT_H
#define FURLONG_READ_IMPORT_H

#include "model/build.h"
#include "read/sources.h"
#include "util/error.h"
#include "util/files.h"

struct fl_import_line {
	uint32_t line;
	uint64_t count;
	bool excluded;
};

struct fl_import_function {
	const char *name;
	struct fl_span span;
	uint64_t count;
	bool by_name; /* others begin at the same place that are no instances of it */
};

struct fl_import_stretch {
	struct fl_span span;
	uint64_t count;
};

struct fl_import_range {
	uint32_t first, last;
};

/* A function with its regions, where a format has them: the model makes lines of them. */
struct fl_import_body {
	struct fl_region_facts *regions;
	size_t count, capacity;
};

struct fl_import_file {
	const char *path;
	size_t pair; /* of fl_sources */
	bool hits;   /* counts say whether, not how often */
	struct fl_import_line *lines;
	size_t line_count, line_capacity;
	struct fl_import_function *functions;
	size_t function_count, function_capacity;
	struct fl_branch_facts *branches;
	size_t branch_count, branch_capacity;
	struct fl_import_stretch *stretches;
	size_t stretch_count, stretch_capacity;
	struct fl_import_body *bodies;
	size_t body_count, body_capacity;
	struct fl_region_facts *regions; /* of macros and included text, in no body */
	size_t region_count, region_capacity;
	struct fl_import_range *no_code;
	size_t no_code_count, no_code_capacity;
	struct fl_exclusion *exclusions;
	size_t exclusion_count, exclusion_capacity;
};

struct fl_import {
	struct fl_arena *arena;
	const char *path;   /* of the report */
	const char *format; /* in words */
	const char *root;   /* what its relative paths are relative to; NULL: not said */
	struct fl_import_file *files;
	size_t file_count, file_capacity;
	const char *note; /* what was left out; NULL: nothing */
};

/* Whether the bytes look like one of the formats rather than like data. */
bool fl_import_is(const struct fl_bytes *bytes);
int fl_import_read(struct fl_import *import, const char *path, struct fl_error *error);
void fl_import_declare(struct fl_import *import, struct fl_sources *sources);
void fl_import_build(
	const struct fl_import *import, const struct fl_sources *sources, struct fl_build *build);
void fl_import_free(struct fl_import *import);

/* ---- for the parsers: each gets the bytes and returns NULL, or what is wrong ----------------------------
 */

typedef const char *fl_import_parser(struct fl_import *import, const char *bytes, size_t size);
fl_import_parser fl_import_lcov, fl_import_cobertura, fl_import_gcov, fl_import_llvm, fl_import_json;

/* The file of that path, made when it is new. */
struct fl_import_file *fl_import_file(struct fl_import *import, const char *path);
void fl_import_line(struct fl_import_file *file, uint64_t line, uint64_t count);
/* `found` outcomes on a line of which it is only known how often each was taken: as conditions of two. */
void fl_import_outcomes(
	struct fl_import_file *file, uint64_t line, const uint64_t *taken, size_t found, uint32_t *ordinal);
/* Start column 0: not known. */
void fl_import_function(struct fl_import_file *file, const char *name, struct fl_span span, uint64_t count);

#endif
