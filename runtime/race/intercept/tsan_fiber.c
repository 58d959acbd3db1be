/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * tsan_fiber.c: the fiber functions of <sanitizer/tsan_interface.h>, and ours of the same meaning.
 *
 * A fiber has frames of its own, for stacks, and carries what it has seen along: who goes on with it, in
 * whatever thread, comes after all that it did before. Clocks and locks are the thread's that runs it, so two
 * fibers that take turns in one thread are in order, also where the program says that the switch orders
 * nothing.
 */
#include "race/annotate.h"
#include "race/thread.h"

#define FIBER_NO_SYNC 1u

struct fiber {
	struct furlong_race_frame *frames; /* NULL: the thread's */
	struct furlong_race_frame *top;
	/* Two objects that clocks hang at: what it did itself, and what was done before a switch to it. */
	uint64_t own, given;
};

static __thread struct fiber *fiber_now;

void *__tsan_get_current_fiber(void);
void *__tsan_create_fiber(unsigned flags);
void __tsan_destroy_fiber(void *fiber);
void __tsan_switch_to_fiber(void *fiber, unsigned flags);
void __tsan_set_fiber_name(void *fiber, const char *name);

bool fl_fiber_is_used(void)
{
	return fiber_now;
}

static struct fiber *fiber_make(bool is_thread)
{
	struct fiber *fiber = fl_pool_take(sizeof(*fiber));

	if (!fiber)
		return NULL;
	*fiber = (struct fiber){.frames = is_thread ? NULL : fl_frames_take(FL_FRAMES_BYTES)};
	fiber->top = fiber->frames;
	if (is_thread || fiber->frames)
		return fiber;
	fl_pool_give(fiber, sizeof(*fiber));
	return NULL;
}

FL_PUBLIC void *__tsan_get_current_fiber(void)
{
	if (!fiber_now && fl_race_self_thread)
		fiber_now = fiber_make(true);
	return fiber_now;
}

FL_PUBLIC void *__tsan_create_fiber(unsigned flags)
{
	(void)flags;
	return fl_race_self_thread ? fiber_make(false) : NULL;
}

FL_PUBLIC void __tsan_destroy_fiber(void *which)
{
	struct fiber *fiber = which;

	if (!fiber)
		return;
	FL_RACE_INSIDE
	{
		fl_sync_forget(&fiber->own, sizeof(fiber->own));
		fl_sync_forget(&fiber->given, sizeof(fiber->given));
	}
	fl_frames_give(fiber->frames, FL_FRAMES_BYTES);
	fl_pool_give(fiber, sizeof(*fiber));
}

/* Not inlined: the thread may be another one after the switch that follows. */
FL_PUBLIC __attribute__((noinline)) void __tsan_switch_to_fiber(void *which, unsigned flags)
{
	struct fiber *from = __tsan_get_current_fiber(), *to = which;

	if (!from || !to)
		return;
	FL_RACE_INSIDE
	{
		fl_sync_release(&from->own);
		if (!(flags & FIBER_NO_SYNC))
			fl_sync_release(&to->given);
		fl_sync_acquire(&to->own);
		fl_sync_acquire(&to->given);
	}
	from->top = __furlong_race_self.top;
	if (to->top)
		__furlong_race_self.top = to->top;
	fiber_now = to;
}

FL_PUBLIC void __tsan_set_fiber_name(void *fiber, const char *name)
{
	(void)fiber;
	(void)name;
}

FL_PUBLIC void *furlong_race_fiber_current(void)
{
	return __tsan_get_current_fiber();
}

FL_PUBLIC void *furlong_race_fiber_create(void)
{
	return __tsan_create_fiber(0);
}

FL_PUBLIC void furlong_race_fiber_switch(void *fiber)
{
	__tsan_switch_to_fiber(fiber, 0);
}

FL_PUBLIC void furlong_race_fiber_destroy(void *fiber)
{
	__tsan_destroy_fiber(fiber);
}
