/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * invariants.h: what must be so of sets of accesses and of threads; looked at by the checked runtime alone
 * (core/check.h).
 */
#ifndef FL_RACE_INVARIANTS_H
#define FL_RACE_INVARIANTS_H

#include "race/cell.h"

#ifdef FL_CHECKED
/* Behind fl_set_apply: the access is in it, and nothing that it makes redundant. */
void fl_check_set(const struct fl_set *set, const struct fl_access *access);
/* A clock that the thread is about to acquire knows nothing of the thread that has not happened yet. */
void fl_check_learned(const struct fl_race_thread *thread, const struct fl_clock *clock);
/* Its clock, and what compiled code knows of it. */
void fl_check_thread(const struct fl_race_thread *thread);
#else
#define fl_check_set(set, access)       ((void)0)
#define fl_check_learned(thread, clock) ((void)0)
#define fl_check_thread(thread)         ((void)0)
#endif

#endif
