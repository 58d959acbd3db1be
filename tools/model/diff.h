/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * diff.h: a model against a base: what a patch covers, which lines gained and lost coverage. Pure: no I/O.
 *
 * Two things may be known of the base, and either is of use alone: the patch that leads from it to here, and
 * what was covered there. fl_diff_build() puts them together and hangs the result off model->diff, where
 * writers and pages find it (NULL: there is no base). Everything lives in the model's arena.
 *
 *   for (size_t i = 0; i < diff->file_count; i++)          sorted by path; only files with something to say
 *       diff->files[i].lines[j].category                   sorted by line; deleted ones before what follows
 *
 * Without the base's coverage only lines of the patch are listed (FL_GNC, FL_UNC).
 */
#ifndef FURLONG_MODEL_DIFF_H
#define FURLONG_MODEL_DIFF_H

#include "model/model.h"
#include "model/patch.h"

/* The twelve categories of differential coverage, in the order of how much they matter. *Included*: code that
 * is unchanged text and was not code at the base; *excluded*: the other way round. */
enum fl_category {
	FL_UNC, /* new code, never ran */
	FL_LBC, /* unchanged, ran at the base and does no more */
	FL_UIC, /* included, never ran */
	FL_UBC, /* unchanged, never ran then or now */
	FL_GBC, /* unchanged, did not run at the base and does now */
	FL_GIC, /* included, ran */
	FL_GNC, /* new code, ran */
	FL_CBC, /* unchanged, ran then and now */
	FL_EUB, /* excluded; had never run */
	FL_ECB, /* excluded; had run */
	FL_DUB, /* deleted; had never run */
	FL_DCB, /* deleted; had run */
	FL_CATEGORIES,
};

enum { FL_NOBODY = UINT32_MAX };

struct fl_diff_line {
	uint32_t line;      /* now; 0: deleted */
	uint32_t base_line; /* at the base; 0: new */
	enum fl_category category;
	uint64_t count, base_count; /* 0 where it is not code */
	uint32_t author;            /* in fl_diff.authors; FL_NOBODY: not asked for, or not committed */
	int64_t written;            /* when, s since 1970; 0: as above */
};

struct fl_diff_file {
	const char *path;      /* as shown; of a deleted file the base's */
	const char *base_path; /* NULL: added */
	enum fl_change change;
	const struct fl_file *file, *base; /* NULL: not code there */
	struct fl_diff_line *lines;
	size_t line_count;
	uint64_t categories[FL_CATEGORIES];
	struct fl_totals patch; /* what is found and hit on lines of the patch: lines, branches, functions */
};

/* Ages are counted in days: up to a week, a month, half a year, and older; the last one is not committed. */
enum { FL_AGES = 5 };

/* Lines that matter of one author: what a table of owners shows. */
struct fl_diff_author {
	const char *name; /* "" for what is not committed */
	uint64_t categories[FL_CATEGORIES];
};

struct fl_diff {
	const char *base;     /* as it was named */
	const char *revision; /* full hash; NULL: no version control was asked */
	bool has_base;        /* the base's coverage is known */
	bool has_patch;       /* and what changed since */
	struct fl_diff_file *files;
	size_t file_count;
	uint64_t categories[FL_CATEGORIES];
	struct fl_totals patch;
	size_t stale; /* files of the patch that were not compiled since; they are not among `files` */
	struct fl_totals base_totals;
	struct fl_diff_author *authors; /* sorted by name; empty unless asked for */
	size_t author_count;
	uint64_t ages[FL_AGES][FL_CATEGORIES]; /* likewise */
	bool has_authors;
};

/* "UNC"; and in words, "new code that never ran". */
const char *fl_category_code(enum fl_category category);
const char *fl_category_words(enum fl_category category);
/* "up to 7 days"... */
const char *fl_age_words(unsigned age);

/* `base`: the model of the base, or NULL; what it holds moves to `model` and it is freed. `patch`: NULL means
 * that the sources are the same. `named`: what to call the base. */
void fl_diff_build(
	struct fl_model *model, struct fl_model *base, const struct fl_patch *patch, const char *named);
/* Of a file of the patch: its lines are not those that were compiled. It is left out, and that is a loss. */
bool fl_diff_is_stale(const struct fl_file *file);
/* Of a patch without a line of code: why. */
const char *fl_diff_no_code(const struct fl_diff *diff);
/* The last of the lines that follow `first` in the file without a gap and are of its category. */
size_t fl_diff_run(const struct fl_diff_file *file, size_t first);
const struct fl_diff_file *fl_diff_find(const struct fl_diff *diff, const char *path);

/* Who wrote line `line` of the file now, and when: said by a reader for lines of any category but the deleted
 * ones. Then fl_diff_count_authors() fills the tables; `now` in s since 1970. */
void fl_diff_author(struct fl_diff_line *line, uint32_t author, int64_t written);
void fl_diff_count_authors(struct fl_diff *diff, int64_t now);

#endif
