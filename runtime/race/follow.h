/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * follow.h: which stack a thread is on, and so which frames are those of its calls in progress.
 */
#ifndef FL_RACE_FOLLOW_H
#define FL_RACE_FOLLOW_H

#include "race/race.h"
#include "race/sys_place.h"

/* Whether the frame below `top` is of the stack that we are on: what it says of who called whom is right
 * then. */
static inline bool fl_stack_is_near(const struct furlong_race_frame *top)
{
	return top[-1].place - (uint32_t)fl_sys_stack_pointer() < FURLONG_RACE_NEAR;
}

/* Sets `top` to the frames of the stack that has that place, which is not in its last call. */
void fl_stack_follow(uintptr_t place);
static inline void fl_stack_ask(void)
{
	if (__builtin_expect(!fl_stack_is_near(__furlong_race_self.top), 0))
		fl_stack_follow(fl_sys_stack_pointer());
}

/* The program says where a stack is that it may switch to. */
void fl_stack_told(uintptr_t begin, size_t size);
/* No stack is there any more. */
void fl_stack_forget(uintptr_t begin, size_t size);
extern bool fl_stack_is_made;
static inline void fl_stack_gone_from(uintptr_t begin, size_t size)
{
	if (__builtin_expect(fl_stack_is_made, 0))
		fl_stack_forget(begin, size);
}
void fl_stack_fork_child(void);

#endif
