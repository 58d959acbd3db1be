/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * race_parts.h: the detector's sources for its unit tests, without what stands between it and a program. The
 * test brings fl_report_race.
 */
#ifndef RACE_PARTS_H
#define RACE_PARTS_H

#include "core/arena.c"
#include "core/instrument.h"
#include "core/options.c"
#include "core/print.c"
#include "core/sys_linux.c"
#include "core/sys_space.c"
#include "core/threads.c"
#include "race/access.c"
#include "race/alone.c"
#include "race/atomic.c"
#include "race/block.c"
#include "race/budget.c"
#include "race/clock.c"
#include "race/context.c"
#include "race/cuts.c"
#include "race/elements.c"
#include "race/few.c"
#include "race/follow.c"
#include "race/frames.c"
#include "race/held.c"
#include "race/intern.c"
#include "race/location.c"
#include "race/lockset.c"
#include "race/owner.c"
#include "race/page.c"
#include "race/past.c"
#include "race/pool.c"
#include "race/quick.c"
#include "race/range.c"
#include "race/recent.c"
#include "race/run.c"
#include "race/saving.c"
#include "race/set.c"
#include "race/shadow.c"
#include "race/slot.c"
#include "race/slow.c"
#include "race/state.c"
#include "race/sync.c"
#include "race/sync_lock.c"
#include "race/sys_stubs.c"
#include "race/thread.c"

/* No hooks, no handlers, no libraries that call back: one thread plays all. */
const struct fl_instrument *const fl_instruments[] = {NULL};
__thread bool fl_signal_waiting;
__thread uint32_t fl_handler_depth;

bool fl_fiber_is_used(void)
{
	return false;
}

void fl_signal_deliver(void)
{
}

size_t fl_foreign_calls(const struct furlong_race_frame *frame, const void *calls[FL_FOREIGN_CALLS])
{
	(void)frame;
	(void)calls;
	return 0;
}

void fl_foreign_free(struct fl_race_thread *thread)
{
	(void)thread;
}

void fl_foreign_walk(struct fl_foreign_walk *walk)
{
	(void)walk;
}

/* Births are in one thread here. */
uint64_t fl_enter(void)
{
	return 0;
}

void fl_leave(uint64_t mask)
{
	(void)mask;
}

/* The calling thread becomes the main thread, of a program that has had another. */
static inline struct fl_race_thread *become_main(struct fl_thread *core)
{
	const struct fl_clock nothing = {0};
	struct fl_race_thread *thread = thread_make(core, &nothing);

	fl_race_thread_start(thread);
	fl_race_concurrent = true;
	fl_race_publish(thread);
	return thread;
}

#endif
