/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * stack.h: the memory that a thread brings along.
 */
#ifndef FL_RACE_STACK_H
#define FL_RACE_STACK_H

#include "race/race.h"

/* In the main thread, once it has a record. */
void fl_stack_main(struct fl_race_thread *self);
/* In a new thread, before code of the program runs; `by_pthread`: the C library made its stack. */
void fl_stack_start(struct fl_race_thread *self, bool by_pthread);
/* No code of the thread runs any more. */
void fl_stack_gone(struct fl_race_thread *thread);

#endif
