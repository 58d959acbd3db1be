/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * touch.h: how interposed functions tell the detector what the function behind them does to memory.
 *
 * The call that touches becomes the innermost frame of the stack ("#0 memcpy"), its caller the next one:
 * touch from the interposed function itself, and not in its last call.
 */
#ifndef FL_RACE_TOUCH_H
#define FL_RACE_TOUCH_H

#include "race/caller.h"
#include "race/follow.h"

/* Whether what the calling code asks for is looked at: one test and a jump in a program without threads. */
#define FL_TOUCHING                                                                                          \
	(__builtin_expect(__furlong_race_self.mask != 0, 0) && !fl_race_depth &&                             \
		fl_caller_counts(__builtin_return_address(0)))
#define FL_TOUCH_READ(at, size)  fl_touch(at, size, false, __builtin_return_address(0))
#define FL_TOUCH_WRITE(at, size) fl_touch(at, size, true, __builtin_return_address(0))

/* As a context has it. */
uint32_t fl_touch_size(size_t size);
void fl_touch(const volatile void *at, size_t size, bool write, const void *caller);

/* A frame for a caller whose callee, not instrumented itself, calls into the runtime again (operator new
 * calls malloc). It is where the caller's is. An exception that passes by leaves it: the landing pad puts
 * `top` right. */
static inline struct furlong_race_frame *fl_touch_push(const void *caller)
{
	struct furlong_race_frame *top;

	fl_stack_ask();
	top = __furlong_race_self.top;
	*top = (struct furlong_race_frame){.return_address = caller, .place = top[-1].place};
	__furlong_race_self.top = top + 1;
	return top;
}

static inline void fl_touch_pop(struct furlong_race_frame *top)
{
	__furlong_race_self.top = top;
}

#endif
