/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * core.h: the runtime's one lock and the moments of a process's life.
 */
#ifndef FL_CORE_CORE_H
#define FL_CORE_CORE_H

#include "core/lock.h"

#include <stdint.h>

#define FL_PUBLIC __attribute__((visibility("default")))

/* Idempotent; every entry point calls it. */
void fl_init(void);
void fl_at_exit(void);
/* What the program's status becomes, after fl_at_exit. */
int fl_exit_status(int status);
void fl_endings_init(void);
/* Finds out, at no cost, whether this is a process that was forked unseen. */
void fl_notice_birth(void);
/* The calling thread was born behind our back, and is known from here on. NULL: it was known, or there is no
 * memory. */
struct fl_thread *fl_births_adopt(void);

/* Blocks all signals, takes the lock; returns the mask to give back. */
uint64_t fl_enter(void);
void fl_leave(uint64_t mask);

/* Around a fork, in the forking thread. */
void fl_fork_prepare(void);
void fl_fork_parent(void);
void fl_fork_child(void);

#endif
