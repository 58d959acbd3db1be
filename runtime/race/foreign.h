/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * foreign.h: calls that no frame was pushed for, because they are in or into a library without the flag that
 * called back: the function that called the library, and those inside of it.
 */
#ifndef FL_RACE_FOREIGN_H
#define FL_RACE_FOREIGN_H

#include "race/race.h"

/* The places to go back to between the frame and the one below it, innermost first; returns how many. */
#define FL_FOREIGN_CALLS 16
size_t fl_foreign_calls(const struct furlong_race_frame *frame, const void *calls[FL_FOREIGN_CALLS]);
void fl_foreign_free(struct fl_race_thread *thread);
void fl_foreign_fork_child(void);

/* The walk itself may call the C library, whose functions use vector registers: all are saved around it
 * (sys_stubs.c). */
struct fl_foreign_walk {
	const struct furlong_race_frame *frame;
	struct fl_foreign_way *way; /* what was found */
};
void fl_foreign_walk(struct fl_foreign_walk *walk);
void fl_foreign_walk_saved(struct fl_foreign_walk *walk);

#endif
