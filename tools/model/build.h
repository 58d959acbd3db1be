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
	FL_REGION_NO_CODE,   /* the compiler made no code for it: nothing can run it */
};

/* Columns count up to this; it also stands for "to the end of the line". */
#define FL_COLUMN_MAX ((1u << 29) - 1)

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

/* What a line's text is; of several the last. */
enum fl_line_text {
	FL_TEXT_NONE,        /* white space, comments */
	FL_TEXT_PUNCTUATION, /* braces, and words that say as little: "else" */
	FL_TEXT_CODE,
	FL_TEXT_DIRECTIVE,
	FL_TEXT_INCLUDE, /* a directive, too */
};

/* Bodies that a compiler makes no code for if nobody asks it to. */
enum fl_body_kind { FL_BODY_TEMPLATE, FL_BODY_CONSTANT /* constexpr, consteval */, FL_BODY_LAMBDA };
struct fl_text_body {
	enum fl_body_kind kind;
	struct fl_span span; /* with its braces; ends where it starts: has no end */
};

/* An arm of an `if constexpr`. */
struct fl_text_arm {
	struct fl_position condition; /* where it begins */
	struct fl_span span;          /* without the ";" */
	struct fl_position before;    /* where the first arm ends, else where this one begins */
	struct fl_position word_end;  /* of the first word of the arm, mostly its brace */
	bool is_first;                /* not behind "else" */
};

/* What the text by itself says. All malloc'ed. */
struct fl_text_facts {
	unsigned char *lines; /* enum fl_line_text by line; [0] is none */
	size_t line_count;
	struct fl_text_body *bodies; /* outer before inner */
	size_t body_count;
	struct fl_text_arm *arms; /* by condition */
	size_t arm_count;
	struct fl_position *folds; /* words that name macros whose conditions are no branches; ascending */
	size_t fold_count;
};

struct fl_source_facts {
	const char *path;      /* as shown */
	const char *disk_path; /* absolute */
	enum fl_source_state state;
	const struct fl_exclusion *exclusions; /* any order; must live until the model is finished */
	size_t exclusion_count;
	const struct fl_text_facts *text; /* NULL: unknown; must live as long */
};

struct fl_region_facts {
	enum fl_region_kind kind;
	struct fl_span span;
	uint64_t count;
};

/* A condition. Each use of a macro has conditions of its own: those that are equal in all but the counts
 * are instances of one. */
struct fl_branch_facts {
	struct fl_span span; /* of a condition in a macro's text: of the macro's outermost use */
	uint64_t taken[2];   /* taken[1] counts the true outcome; so for folded */
	bool folded[2];
	const char *macro; /* path of the file with that text; NULL: it stands in no macro */
	struct fl_span in_macro;
	uint64_t
		nesting; /* tells apart, and sorts, texts that one use reaches through several inner macros */
	uint32_t ordinal; /* tells apart conditions of one function that share all that */
	bool alone;       /* decisions were looked at, and it is one by itself; no part of its place */
	bool unfollowed;  /* it is of a decision that could not be followed; likewise */
};

/* How often a decision was evaluated along one of its paths. */
struct fl_path_facts {
	uint64_t path, count;
};

/* Several conditions that decide together. Each is a branch that is added too. */
struct fl_decision_facts {
	const struct raw_condition {
		struct fl_branch_facts place; /* counts do not matter */
		uint32_t next[2];             /* see struct fl_operand */
	} * conditions;
	size_t condition_count;
	const struct fl_path_facts *paths;
	size_t path_count;
	uint64_t unrecorded;
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
/* The regions of one function in the file it stands in. Functions that begin at the same place and have other
 * regions speak each for itself, and their counts add up. `emitted`: the compiler made code of it. */
void fl_build_body(struct fl_build *build, size_t file, const struct fl_region_facts *regions, size_t count,
	bool emitted);
/* The body added last is that of this function, an instance of a template: it can be shown by itself. */
void fl_build_instance(struct fl_build *build, size_t file, const struct fl_function_facts *facts);
/* A region of a macro's or an included file's text. */
void fl_build_region(
	struct fl_build *build, size_t file, enum fl_region_kind kind, struct fl_span span, uint64_t count);
void fl_build_branch(struct fl_build *build, size_t file, const struct fl_branch_facts *facts);
/* Of conditions of one file. False: no decision has them in this order. */
bool fl_build_decision(struct fl_build *build, size_t file, const struct fl_decision_facts *facts);
/* From another tool's report, which knows how often lines and stretches ran and not why: added to what
 * regions say. */
void fl_build_line(struct fl_build *build, size_t file, uint32_t line, uint64_t count);
void fl_build_stretch(struct fl_build *build, size_t file, struct fl_span span, uint64_t count);
/* Lines, both included, that the compiler made no code of, where nobody else says that they are code. */
void fl_build_no_code(struct fl_build *build, size_t file, uint32_t first, uint32_t last);
/* Besides the file's own exclusions. */
void fl_build_exclude(struct fl_build *build, size_t file, struct fl_exclusion exclusion);
void fl_build_function(struct fl_build *build, size_t file, const struct fl_function_facts *facts);
/* The lines of one text by itself, as the model would have them if nothing else spoke of it. malloc'ed. */
struct fl_line *fl_build_text_lines(const struct fl_region_facts *regions, size_t count, size_t *line_count);
/* Of some code of the file it is known that it ran, and not how often. */
void fl_build_hits(struct fl_build *build, size_t file);
void fl_build_module(struct fl_build *build, const char *path, const char *label);
void fl_build_note(struct fl_build *build, bool lost, const char *format, ...)
	__attribute__((format(printf, 3, 4)));
/* Ends the builder. `root` is copied. Files without any code are left out. */
struct fl_model *fl_build_finish(struct fl_build *build, const char *root);

#endif
