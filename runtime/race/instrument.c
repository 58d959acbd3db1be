/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * instrument.c: the race instrument's hooks.
 *
 * It begins when the first module with checks says that it is there: a program without one pays a jump in
 * each intercepted function, and nothing else.
 */
#include "race/instrument.h"

#include "core/core.h"
#include "core/instrument.h"
#include "race/annotate.h"
#include "race/budget.h"
#include "race/descriptor.h"
#include "race/heap.h"
#include "race/intercept.h"
#include "race/join.h"
#include "race/lock.h"
#include "race/memory.h"
#include "race/quick.h"
#include "race/race.h"

static void race_init(void)
{
	fl_intercept_init();
	fl_alloc_stay();
}

void fl_race_begin(void)
{
	static bool begun;
	uint64_t mask;

	if (__atomic_exchange_n(&begun, true, __ATOMIC_ACQ_REL))
		return;
	fl_intercept_begin();
	fl_race_savings_init();
	if (!fl_shadow_init() || !fl_race_thread_init())
		return;
	mask = fl_enter();
	if (fl_lock_prepare(fl_race_self_thread->core))
		fl_lock_start(fl_race_self_thread->core);
	fl_leave(mask);
	fl_memory_init();
	fl_quick_init();
	fl_budget_init();
	fl_report_init();
	if (__tsan_on_initialize)
		__tsan_on_initialize();
}

static void race_thread_prepare(struct fl_thread *thread)
{
	FL_RACE_INSIDE
	{
		uint32_t context = fl_context_of_step(thread->caller, NULL);
		bool first = !fl_race_concurrent;

		fl_lock_prepare(thread);
		fl_race_thread_prepare(thread, context);
		if (first && fl_race_concurrent)
			fl_lock_first_birth();
	}
}

static void race_thread_unprepare(struct fl_thread *thread)
{
	struct fl_race_thread *child = fl_race_thread_of(thread);

	if (child)
		fl_race_thread_unprepare(child);
}

static void race_thread_start(struct fl_thread *thread, enum fl_birth how)
{
	struct fl_race_thread *self = fl_race_thread_of(thread);

	if (!self || how == FL_BIRTH_CLONE_SHARED_TLS)
		return;
	fl_memory_thread_start(self, how == FL_BIRTH_PTHREAD);
	fl_race_thread_start(self);
	fl_lock_start(thread);
	fl_join_started(thread);
}

void fl_race_sponsor(struct fl_race_sponsor *sponsor)
{
	FL_RACE_INSIDE
	{
		bool first = !fl_race_concurrent;

		fl_race_thread_sponsor(sponsor);
		if (first)
			fl_lock_first_birth();
	}
}

void fl_race_adopt(const struct fl_race_sponsor *sponsor)
{
	struct fl_thread *thread = fl_births_adopt();
	uint64_t mask;

	if (!thread)
		return;
	mask = fl_enter();
	fl_lock_prepare(thread);
	fl_race_thread_adopt(thread, sponsor);
	fl_leave(mask);
	race_thread_start(thread, FL_BIRTH_PTHREAD);
}

static void race_thread_joined(struct fl_thread *thread)
{
	struct fl_race_thread *child = fl_race_thread_of(thread);

	if (child)
		FL_RACE_INSIDE
		{
			fl_race_thread_joined(child);
			fl_join_done(thread);
			fl_lock_joined(thread);
		}
}

static void race_thread_gone(struct fl_thread *thread)
{
	struct fl_race_thread *gone = fl_race_thread_of(thread);

	if (gone)
		fl_race_thread_gone(gone);
}

static void race_fork_child(struct fl_thread *self)
{
	fl_memory_fork_child();
	fl_budget_fork_child();
	fl_race_thread_fork_child();
	fl_lock_fork_child(self);
	fl_descriptor_fork_child();
	fl_report_fork_child();
}

static void race_at_exit(void)
{
	fl_join_at_exit();
	fl_report_at_exit();
}

const struct fl_instrument fl_race_instrument = {
	.name = "race",
	.init = race_init,
	.thread_prepare = race_thread_prepare,
	.thread_unprepare = race_thread_unprepare,
	.thread_start = race_thread_start,
	.thread_joined = race_thread_joined,
	.thread_gone = race_thread_gone,
	.join_begin = fl_join_begin,
	.join_end = fl_join_end,
	.fork_child = race_fork_child,
	.objects_gone = fl_memory_objects_changed,
	.hand_in = fl_report_hand_in,
	.at_exit = race_at_exit,
	.exit_status = fl_report_exit_status,
};
