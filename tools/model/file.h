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
	uint32_t end_column : 29, kind : 3;
	uint64_t count;
};

/* A function's regions in its own file, and those of all functions whose ranges are the same. */
struct raw_body {
	struct fl_position start; /* of the first one that is not skipped */
	size_t first, count;      /* in `body_regions` */
	uint32_t owner;           /* see variants.c */
	bool emitted;
};

/* The regions of one that is being added. */
struct raw_body_parts {
	struct raw_region *items;
	size_t count, capacity;
};

struct raw_function {
	struct fl_span span;
	const char *linkage; /* interned: equal names are equal pointers */
	uint64_t count;
	bool from_macro;
};

/* An instance of a template; see instances.c. */
struct raw_instance {
	struct fl_position start; /* of the function */
	const char *linkage;      /* interned */
	uint64_t count;
	size_t first, region_count; /* in `instance_regions` */
};

/* What another tool's report says; see said.c. */
struct raw_range {
	uint32_t first, last;
};

struct raw_line {
	uint32_t line;
	uint64_t count;
};

struct raw_decision {
	struct raw_condition *conditions; /* malloc'ed, as paths are; `macro` interned */
	size_t condition_count;
	struct fl_path_facts *paths;
	size_t path_count;
	uint64_t unrecorded;
};

struct raw_file {
	struct fl_source_facts facts;
	struct raw_region *regions;
	size_t region_count, region_capacity;
	struct raw_region *body_regions; /* moved to `regions` when all are there */
	size_t body_region_count, body_region_capacity;
	struct raw_body *bodies;
	size_t body_count, body_capacity;
	bool hits;
	struct variants *variants;        /* NULL: there are none */
	struct fl_branch_facts *branches; /* `macro` interned: equal paths are equal pointers */
	size_t branch_count, branch_capacity;
	struct raw_decision *decisions;
	size_t decision_count, decision_capacity;
	struct raw_function *functions;
	size_t function_count, function_capacity;
	struct raw_instance *instances;
	size_t instance_count, instance_capacity;
	struct raw_region *instance_regions;
	size_t instance_region_count, instance_region_capacity;
	struct raw_range *said_no_code;
	size_t said_no_code_count, said_no_code_capacity;
	struct raw_line *said_lines;
	size_t said_line_count, said_line_capacity;
	struct raw_region *stretches;
	size_t stretch_count, stretch_capacity;
	struct fl_exclusion *exclusions; /* NULL: those of `facts` are all */
	size_t exclusion_capacity;
};

/* A flattened stretch: from `start` on the text belongs to one region. */
struct segment {
	struct fl_position start;
	bool code;
	bool entry; /* a region begins here, rather than goes on after an inner one */
	bool gap;
	bool no_code;   /* `code` by clang's regions, and nothing was made of it */
	uint32_t owner; /* variants.c: whose text it is */
	uint64_t count;
};

struct segments {
	struct segment *items; /* malloc'ed */
	size_t count, capacity;
};

/* Adds up regions of equal range and kind, instances of one branch; sorts them. */
void fl_raw_combine_regions(struct raw_file *raw);
/* The same, of regions anywhere; returns how many are left. */
size_t fl_raw_combine(struct raw_region *regions, size_t count);
int fl_raw_compare(const void *left, const void *right);
/* Of their ranges and kinds, in this order. */
uint64_t fl_raw_hash(const struct raw_region *regions, size_t count);
void fl_raw_combine_branches(struct raw_file *raw);
/* Equal: instances of one condition. */
int fl_raw_compare_branches(const struct fl_branch_facts *a, const struct fl_branch_facts *b);
void fl_raw_decision(struct raw_file *raw, const struct fl_decision_facts *facts);
void fl_raw_free_decisions(struct raw_file *raw);
void fl_raw_free(struct raw_file *raw);

/* Of combined regions. */
void fl_segments_build(struct segments *segments, const struct raw_region *regions, size_t count);

/* With the owner of each; NULL: 0. */
void fl_segments_build_owned(
	struct segments *segments, const struct raw_region *regions, const uint32_t *owners, size_t count);

/* A line, judged from the segment that goes on from the line before (or NULL) and those that start on it. */
struct judgement {
	bool any, begins, enters, starts_skipped, goes_on, blank_so_far;
	bool has_code, lacks_code; /* of what it is: stretches with code, and without */
	uint64_t count;
};
struct judgement fl_judge_begin(const struct segment *wrapped);
void fl_judge_add(struct judgement *judgement, const struct segment *segment);
enum line_kind { LINE_NOT_CODE, LINE_NO_CODE /* there is none for it */, LINE_CODE };
enum line_kind fl_judge_kind(const struct judgement *judgement);

/* What a body is without of the arms of each `if constexpr` becomes text without code. */
void fl_arms_discarded(struct raw_body_parts *body, const struct fl_text_facts *text);

/* The steps, in this order; `file` has its paths. */
void fl_file_text(struct raw_file *raw);
void fl_file_regions(struct fl_file *file, struct raw_file *raw, struct fl_arena *arena);
void fl_file_lines(struct fl_file *file, const struct raw_file *raw, struct fl_arena *arena);
void fl_file_said(struct fl_file *file, struct raw_file *raw, struct fl_arena *arena);
void fl_file_branches(struct fl_file *file, const struct raw_file *raw, struct fl_arena *arena);
void fl_file_decisions(struct fl_file *file, struct raw_file *raw, struct fl_arena *arena);
void fl_file_functions(struct fl_file *file, struct raw_file *raw, struct fl_arena *arena);
void fl_file_instances(struct fl_file *file, struct raw_file *raw, struct fl_arena *arena);
void fl_file_exclude(struct fl_file *file, const struct raw_file *raw);
void fl_file_count(struct fl_file *file);

/* The lines of regions that are all there is. The regions are combined in place. */
struct fl_line *fl_file_lines_of(
	struct raw_region *regions, size_t count, size_t *line_count, struct fl_arena *arena);

/* Counts that would be sums of "it ran" become that. */
void fl_file_hits(struct fl_file *file);

/* What a page colours by, from flattened regions. */
void fl_file_marks(struct fl_file *file, const struct segments *segments, struct fl_arena *arena);

/* A linkage name as a human reads it. */
const char *fl_name_readable(struct fl_arena *arena, const char *linkage);

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
