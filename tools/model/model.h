/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * model.h: the in-memory truth that every reader fills and every writer prints. No I/O here.
 *
 * Ownership: everything hangs off struct fl_model and dies with fl_model_free(). Strings are interned
 * in the model. Arrays are sorted as said beside them. Nothing knows the format of a file.
 */
#ifndef FURLONG_MODEL_H
#define FURLONG_MODEL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "model/ending.h"
#include "model/race.h"

struct fl_ratio {
	uint64_t found, hit;
};

struct fl_totals {
	struct fl_ratio lines, branches, functions, regions;
	struct fl_ratio mcdc,
		mcdc_masking; /* conditions that are shown to matter: by unique cause, by masking */
};

struct fl_position {
	uint32_t line, column; /* 1-based; column in bytes */
};

static inline int fl_position_compare(struct fl_position a, struct fl_position b)
{
	uint64_t left = (uint64_t)a.line << 32 | a.column, right = (uint64_t)b.line << 32 | b.column;
	return left < right ? -1 : left > right;
}

/* A line that is code. Lines that are not are absent. Sorted by line. */
struct fl_line {
	uint32_t line;
	uint32_t branches, branches_hit; /* outcomes that start on this line */
	bool excluded;                   /* by a marker: shown, not counted */
	uint64_t count;
};

/* A stretch of code with one count; `end` is exclusive. Sorted by start, outer before inner. */
struct fl_region {
	struct fl_position start, end;
	uint64_t count;
	bool excluded; /* it starts on an excluded line */
};

/* A condition. taken[1] counts its true outcome, taken[0] its false one. Sorted by start; those of one
 * macro use in the order of their text. */
struct fl_branch {
	struct fl_position start, end; /* of a condition in a macro's text: of the macro's outermost use */
	uint64_t taken[2];
	const char *macro; /* path of the file with that text; NULL: the condition stands in no macro */
	struct fl_position in_macro, in_macro_end;
	bool folded[2];  /* that outcome cannot happen: a constant */
	bool unfollowed; /* MC/DC: which decision it is of could not be followed */
	bool excluded;
};

/* A way that a decision was or could be evaluated; bit i is of its condition i. */
struct fl_vector {
	uint64_t values, evaluated;
	uint64_t count;
	bool outcome;
};

/* An evaluation that would show conditions to matter, together with what was and what stands before it. */
struct fl_suggestion {
	struct fl_vector vector;
	uint64_t shows;
};
struct fl_suggestions {
	struct fl_suggestion *items;
	size_t count;
};

struct fl_operand {
	const struct fl_branch *branch; /* its place and counts */
	uint32_t next[2]; /* after false and true: 0 the decision is false, 1 true, 2 + a later condition */
};

enum fl_criterion { FL_UNIQUE_CAUSE, FL_MASKING, FL_CRITERIA };

/* Conditions that "&&", "||" and "!" join, or one alone. Sorted by start. decision.h judges it. */
struct fl_decision {
	struct fl_position start, end; /* of the first and the last condition's text */
	struct fl_operand *conditions;
	uint32_t condition_count;
	bool excluded;
	struct fl_vector *vectors; /* those that were; by the number of their path */
	size_t vector_count;
	uint64_t unrecorded;         /* evaluations of which only is known that they were */
	uint64_t shown[FL_CRITERIA]; /* conditions */
	struct fl_suggestions missing[FL_CRITERIA];
};

/* A flattened, non-overlapping stretch: from here to the next mark the text has this count. What a page
 * colours by. Sorted by start. */
struct fl_mark {
	struct fl_position start;
	bool code; /* false: not code from here on */
	bool gap;  /* white space between statements: colour as its neighbours, do not judge */
	uint64_t count;
};

/* One instance of a template, by itself. */
struct fl_instance {
	const char *name; /* with its arguments */
	uint64_t count;
	struct fl_line *lines; /* sorted by line; their branches are not told apart */
	size_t line_count;
};

/* Of a template with more instances the first ones are known by themselves. */
enum { FL_INSTANCES_KEPT = 64 };

struct fl_function {
	const char *name;    /* as a human reads it */
	const char *linkage; /* as the linker sees it */
	struct fl_position start, end;
	uint64_t count; /* times entered, over all instances */
	uint32_t instances;
	bool excluded;
	struct fl_instance *each; /* of a template, sorted by linkage name */
	size_t each_count;
};

enum fl_source_state {
	FL_SOURCE_UNKNOWN, /* not looked for yet */
	FL_SOURCE_FOUND,
	FL_SOURCE_CHANGED, /* found, but not what was compiled */
	FL_SOURCE_MISSING,
};

struct fl_file {
	const char *path;      /* as shown: relative to the root where it can be */
	const char *disk_path; /* where to read it */
	enum fl_source_state source;
	bool hits; /* counts say whether, not how often: none is more than 1 */
	struct fl_line *lines;
	size_t line_count;
	uint32_t *no_code; /* lines that are no code because the compiler made none for them; ascending */
	size_t no_code_count;
	struct fl_region *regions;
	size_t region_count;
	struct fl_branch *branches;
	size_t branch_count;
	struct fl_decision *decisions; /* where they were measured */
	size_t decision_count;
	struct fl_mark *marks;
	size_t mark_count;
	struct fl_function *functions; /* sorted by start, then name */
	size_t function_count;
	struct fl_totals totals;
};

/* One sentence about what was lost, dropped or not instrumented. */
struct fl_note {
	const char *text;
	bool lost; /* counts are missing: the report is not complete */
};

/* A binary whose counts went into the model, under one label ("" when it has none). */
struct fl_module {
	const char *path;
	const char *label;
};

struct fl_diff;
struct fl_gates;
struct fl_model {
	struct fl_file *files; /* sorted by path */
	size_t file_count;
	struct fl_totals totals;
	const char *root;          /* what paths are relative to; absolute */
	struct fl_module *modules; /* sorted by path, then label */
	size_t module_count;
	struct fl_note *notes; /* empty: nothing was lost */
	size_t note_count;
	struct fl_races races;
	struct fl_endings endings;
	struct fl_diff *diff;   /* diff.h; NULL: nothing to compare with */
	struct fl_gates *gates; /* gate.h; NULL: none were asked for */
	struct fl_arena *arena;
};

/* The line `line` of `file`, or NULL when that line is not code. */
const struct fl_line *fl_file_line(const struct fl_file *file, uint32_t line);
/* Whether it is one of those that no code was made for. */
bool fl_file_lacks_code(const struct fl_file *file, uint32_t line);
/* The index of the first line at or after `line`; line_count when there is none. */
size_t fl_file_line_index(const struct fl_file *file, uint32_t line);
/* Of a function's lines: lines and branches, and itself. What is excluded does not count. */
struct fl_totals fl_function_totals(const struct fl_file *file, const struct fl_function *function);
/* Outcomes of `branch` that count: 0, 1 or 2; and how many of them were taken. */
struct fl_ratio fl_branch_outcomes(const struct fl_branch *branch);
void fl_totals_add(struct fl_totals *sum, const struct fl_totals *more);
/* 0 to 100; 100 when nothing was found. */
double fl_ratio_percent(struct fl_ratio ratio);
/* Whether no note speaks of lost counts. */
bool fl_model_complete(const struct fl_model *model);
/* Adds a note to a finished model. */
void fl_model_note(struct fl_model *model, bool lost, const char *format, ...)
	__attribute__((format(printf, 3, 4)));
void fl_model_free(struct fl_model *model);

#endif
