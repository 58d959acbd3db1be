/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * instrument.c: the coverage instrument's hooks, and what users call.
 */
#include "coverage/coverage.h"

#include "core/core.h"
#include "core/instrument.h"
#include "core/options.h"
#include "furlong/furlong.h"

static void coverage_init(void)
{
	struct fl_thread *self;
	uint64_t mask;

	if (!fl_options.coverage)
		return;
	fl_slot_init();
	fl_lane_init();
	fl_module_expect_loaded();
	mask = fl_enter();
	self = fl_threads_self();
	if (self && fl_modules) {
		fl_lane_prepare(self->index);
		fl_lane_enter(self->index, true);
	}
	fl_leave(mask);
}

static void coverage_thread_prepare(struct fl_thread *thread)
{
	fl_lane_prepare(thread->index);
}

static void coverage_thread_start(struct fl_thread *thread, enum fl_birth how)
{
	fl_lane_enter(thread->index, how != FL_BIRTH_CLONE_SHARED_TLS);
}

static void coverage_fork_child(struct fl_thread *self)
{
	if (!fl_options.coverage)
		return;
	fl_slot_init();
	fl_file_fork_child();
	fl_fold_fork_child();
	fl_label_fork_child();
	fl_lane_fork_child(self);
}

static void coverage_stranger(void)
{
	for (struct fl_module *m = fl_modules; m; m = m->next)
		fl_lane_note_section(m);
}

/* Without the lock: modules are only ever added in front, and their memory stays. */
static bool keeps_any(void)
{
	for (struct fl_module *m = fl_modules; m; m = m->next)
		if (m->in_section || m->in_private)
			return true;
	return false;
}

static void fold_kept(bool at_exit)
{
	uint64_t mask;

	if (!keeps_any())
		return;
	mask = fl_enter();
	fl_fold_all(at_exit);
	fl_leave(mask);
}

static void tell_test(void)
{
	uint64_t mask;

	if (!fl_label_is_active())
		return;
	mask = fl_enter();
	fl_label_tell();
	fl_leave(mask);
}

static void coverage_hand_in(enum fl_hand_in why)
{
	(void)why;
	fold_kept(false);
	tell_test();
}

/* Mostly without the lock: a child of vfork that is killed while it holds it takes its parent along. */
static void coverage_at_exit(void)
{
	fold_kept(true);
	tell_test();
	fl_file_miss();
}

static void coverage_objects_gone(void)
{
	if (fl_modules)
		fl_module_drop_gone();
}

const struct fl_instrument fl_coverage_instrument = {
	.name = "coverage",
	.init = coverage_init,
	.thread_prepare = coverage_thread_prepare,
	.thread_start = coverage_thread_start,
	.fork_child = coverage_fork_child,
	.stranger = coverage_stranger,
	.objects_gone = coverage_objects_gone,
	.hand_in = coverage_hand_in,
	.at_exit = coverage_at_exit,
};

FL_PUBLIC void furlong_coverage_dump(void)
{
	uint64_t mask;

	fl_init();
	mask = fl_enter();
	fl_fold_all(false);
	for (struct fl_module *m = fl_modules; m; m = m->next)
		fl_lane_each_slot(m, fl_window_sync);
	fl_leave(mask);
}

FL_PUBLIC void furlong_coverage_reset(void)
{
	uint64_t mask;

	fl_init();
	mask = fl_enter();
	fl_fold_all(false);
	for (struct fl_module *m = fl_modules; m; m = m->next)
		fl_lane_each_slot(m, fl_window_zero);
	fl_label_forget();
	fl_leave(mask);
}

FL_PUBLIC void furlong_coverage_label(const char *name)
{
	uint64_t mask;

	fl_init();
	if (!fl_options.coverage)
		return;
	mask = fl_enter();
	fl_label_change(name ? name : "");
	fl_leave(mask);
}
