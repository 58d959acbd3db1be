/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * join.h: the ends of threads: who waits for them, who should not, who never did, what they still held.
 */
#ifndef FL_RACE_JOIN_H
#define FL_RACE_JOIN_H

#include "core/instrument.h"

/* Hooks of the instrument. */
void fl_join_begin(const struct fl_join *join);
void fl_join_end(const struct fl_join *join);
void fl_join_done(const struct fl_thread *thread);    /* with the runtime's lock, by who waited for it */
void fl_join_started(const struct fl_thread *thread); /* in a new thread */
/* Threads that ended, and nobody ever asked. */
void fl_join_at_exit(void);

#endif
