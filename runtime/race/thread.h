/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * thread.h: what a thread's record owns elsewhere. Private to thread.c, context.c and state.c.
 */
#ifndef FL_RACE_THREAD_H
#define FL_RACE_THREAD_H

#include "race/race.h"

void fl_memo_free(struct fl_race_thread *thread);   /* state.c */
void fl_called_free(struct fl_race_thread *thread); /* context.c */

#endif
