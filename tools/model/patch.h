/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * patch.h: which lines of which files changed since a revision, as a reader of version control says it, and
 * where a line was then. Pure: no I/O.
 */
#ifndef FURLONG_MODEL_PATCH_H
#define FURLONG_MODEL_PATCH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum fl_change {
	FL_CHANGE_NONE,
	FL_CHANGE_EDITED,
	FL_CHANGE_ADDED,
	FL_CHANGE_MOVED, /* another name, and perhaps other lines */
	FL_CHANGE_DELETED,
};

/* `old_count` lines from `old_first` on became `new_count` lines from `new_first` on. With a count of 0 the
 * first is the line before, as in a unified diff. */
struct fl_hunk {
	uint32_t old_first, old_count, new_first, new_count;
};

struct fl_patch_file {
	enum fl_change change;
	const char *path;      /* relative to the working tree's top; NULL: deleted */
	const char *old_path;  /* NULL: added */
	struct fl_hunk *hunks; /* sorted, not overlapping */
	size_t hunk_count, hunk_capacity;
};

struct fl_patch {
	const char *top;      /* of the working tree; absolute */
	const char *named;    /* the revision as it was given */
	const char *revision; /* what was compared with, as a full hash: where the two histories part */
	struct fl_patch_file *files;
	size_t file_count, file_capacity;
};

/* By the path now; NULL: not in the patch, so unchanged. */
const struct fl_patch_file *fl_patch_find(const struct fl_patch *patch, const char *path);
/* The line that line `line` was at the base; 0: it is new. `file` may be NULL. */
uint32_t fl_patch_old_line(const struct fl_patch_file *file, uint32_t line);
/* The line that base line `line` is now; 0: it was deleted. `file` may be NULL. */
uint32_t fl_patch_new_line(const struct fl_patch_file *file, uint32_t line);

#endif
