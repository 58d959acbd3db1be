/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * build.h: from facts about source ranges, in any order, to the model. Pure: no files, no formats.
 *
 * A reader declares files, then adds what each binary says about ranges in them; equal ranges add up,
 * whoever said so. fl_build_finish() sorts, flattens and counts. The builder owns everything until
 * then; the model owns what is left.
 */
#ifndef FURLONG_MODEL_BUILD_H
#define FURLONG_MODEL_BUILD_H

#include "model/model.h"

enum fl_region_kind {
	FL_REGION_CODE,
	FL_REGION_EXPANSION, /* a macro's use or an #include; its count is its text's first one */
	FL_REGION_SKIPPED,   /* the preprocessor or a comment took it: not code */
	FL_REGION_GAP,       /* white space between statements */
};

/* Columns count up to this; it also stands for "to the end of the line". */
#define FL_COLUMN_MAX ((1u << 30) - 1)

/* Lines count up to this; readers refuse more, which no source has and garbage easily says. */
#define FL_LINE_MAX (1u << 22)

struct fl_span {
	struct fl_position start, end; /* end exclusive */
};

/* What a marker in the source excludes; lines inclusive. */
enum fl_exclusion_kind {
	FL_EXCLUDE_LINES,    /* with everything on them */
	FL_EXCLUDE_BRANCHES, /* branches only */
	FL_EXCLUDE_FUNCTION, /* the function that begins on this line, or on the next */
};
struct fl_exclusion {
	enum fl_exclusion_kind kind;
	uint32_t first, last;
};

struct fl_source_facts {
	const char *path;      /* as shown */
	const char *disk_path; /* absolute */
	enum fl_source_state state;
	const struct fl_exclusion *exclusions; /* any order; must live until the model is finished */
	size_t exclusion_count;
};

/* One function of one binary. Those that start at the same place are instances of one. */
struct fl_function_facts {
	const char *linkage;
	size_t linkage_length;
	struct fl_span span;
	uint64_t count;
	bool from_macro; /* a macro's use stands where it starts: one place may hold several functions */
};

struct fl_build;
struct fl_build *fl_build_new(void);
/* Declares a file; the paths are copied. Returns its number. */
size_t fl_build_file(struct fl_build *build, const struct fl_source_facts *facts);
void fl_build_region(
	struct fl_build *build, size_t file, enum fl_region_kind kind, struct fl_span span, uint64_t count);
/* counts[1] and folded[1] are of the true outcome. */
void fl_build_branch(struct fl_build *build, size_t file, struct fl_span span, const uint64_t counts[2],
	const bool folded[2]);
void fl_build_function(struct fl_build *build, size_t file, const struct fl_function_facts *facts);
void fl_build_module(struct fl_build *build, const char *path, const char *label);
void fl_build_note(struct fl_build *build, bool lost, const char *format, ...)
	__attribute__((format(printf, 3, 4)));
/* Ends the builder. `root` is copied. Files without any code are left out. */
struct fl_model *fl_build_finish(struct fl_build *build, const char *root);

#endif
