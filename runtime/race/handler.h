/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * handler.h: what a signal handler must not do. Only of signals that come at any time: who sends itself one
 * knows what it interrupts.
 */
#ifndef FL_RACE_HANDLER_H
#define FL_RACE_HANDLER_H

#include "race/race.h"

/* How many handlers of such signals the thread is in; and whether it is sending a signal. */
extern __thread uint32_t fl_handler_depth, fl_handler_sending;

/* Before a function that is not safe there; `caller`: who called it. */
void fl_handler_unsafe(const void *pc, const void *caller);
static inline void fl_handler_check(const void *pc, const void *caller)
{
	if (__builtin_expect(fl_handler_depth, 0))
		fl_handler_unsafe(pc, caller);
}
/* The handler returned, and errno is another than before. */
void fl_handler_spoiled(int signal, const void *handler, int before, int after);

#endif
