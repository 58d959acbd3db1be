/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * git.h: what git's command line knows: what changed since a revision, and who wrote a line when.
 *
 * The patch leads from where the revision and HEAD part to the working tree as it is, files that git does not
 * know yet included. The user's configuration of git does not change the result.
 */
#ifndef FURLONG_READ_GIT_H
#define FURLONG_READ_GIT_H

#include "model/diff.h"
#include "util/error.h"

struct fl_arena;

/* `directory`: anywhere in the working tree. Strings and arrays of the patch are in the arena. */
int fl_git_patch(const char *directory, const char *revision, struct fl_patch *patch, struct fl_arena *arena,
	struct fl_error *error);
/* Asks for each file of model->diff with lines that never ran or are new, and fills in authors and ages.
 * Files that git does not know keep FL_NOBODY. */
void fl_git_blame(struct fl_model *model, const struct fl_patch *patch);

#endif
