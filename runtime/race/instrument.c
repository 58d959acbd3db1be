/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * instrument.c: the race instrument's hooks.
 */
#include "race/race.h"

#include "core/core.h"
#include "core/instrument.h"

static void race_init(void)
{
	if (fl_shadow_init())
		fl_race_thread_init();
	fl_report_init();
}

static void race_thread_prepare(struct fl_thread *thread)
{
	fl_race_thread_prepare(thread, 0);
}

static void race_thread_start(struct fl_thread *thread, enum fl_birth how)
{
	if (how != FL_BIRTH_CLONE_SHARED_TLS)
		fl_race_thread_start(fl_race_thread_of(thread));
}

static void race_fork_child(struct fl_thread *self)
{
	(void)self;
	fl_race_thread_fork_child();
	fl_report_fork_child();
}

static void race_at_exit(void)
{
	fl_report_at_exit();
}

const struct fl_instrument fl_race_instrument = {
	.name = "race",
	.init = race_init,
	.thread_prepare = race_thread_prepare,
	.thread_start = race_thread_start,
	.fork_child = race_fork_child,
	.at_exit = race_at_exit,
};
