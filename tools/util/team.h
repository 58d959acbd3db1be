/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * team.h: independent pieces of work on as many threads as there are processors.
 *
 * Each thread has an arena of its own, so that pieces share nothing; all of it ends up in the caller's.
 */
#ifndef FURLONG_UTIL_TEAM_H
#define FURLONG_UTIL_TEAM_H

#include <stddef.h>

struct fl_arena;
typedef void fl_team_piece(void *context, size_t index, struct fl_arena *arena);

/* Calls piece(context, i, ...) once for each i in [0, count), in no order, and waits. */
void fl_team_run(size_t count, fl_team_piece *piece, void *context, struct fl_arena *arena);

#endif
