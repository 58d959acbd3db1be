/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * lane.c: a thread's delta, and its windows for all modules.
 */
#include "coverage/coverage.h"

#include "core/core.h"
#include "core/options.h"
#include "core/print.h"

#include <errno.h>

#define PLACE_TRIES 4096

__thread intptr_t __furlong_coverage_delta FL_PUBLIC;

static struct fl_table lanes = {.element_bytes = sizeof(struct fl_lane)};
static struct fl_delta_plan plan;
static int attempt;
static bool below_ok;
static struct fl_sys_space address_space;
static uint32_t next_candidate;
static bool sets_register;
static bool strangers; /* threads come that we do not see */

struct fl_lane *fl_lane_at(uint32_t index)
{
	return fl_table_make(&lanes, index);
}

/* Somebody counts into the section itself, or may do so: it must be looked at when the process ends. */
void fl_lane_note_section(struct fl_module *module)
{
	module->in_section = true;
	if (module->file)
		__atomic_fetch_add(&module->file->header->unslotted_threads, 1, __ATOMIC_RELAXED);
}

void fl_lane_init(void)
{
	strangers = !fl_sys_real_is_interposed();
	sets_register = fl_options.gs;
	if (sets_register && fl_sys_delta_taken()) {
		fl_print_message("the program uses the GS base itself: only code built with coverage-tls is "
				 "counted by "
				 "thread");
		sets_register = false;
	}
	if (!fl_options.windows)
		return;
	fl_sys_space_look(&address_space);
	below_ok = !sets_register || (fl_sys_delta_negative_ok(fl_options.fsgsbase) && !fl_sys_is_traced());
	plan = fl_delta_plan_make(&address_space, below_ok, attempt);
}

static void unreserve(const struct fl_module *end, uint32_t index, intptr_t delta)
{
	for (struct fl_module *m = fl_modules; m != end; m = m->next)
		fl_window_drop(m, index, delta);
}

static int reserve_all(uint32_t index, intptr_t delta)
{
	for (struct fl_module *m = fl_modules; m; m = m->next) {
		int rc = fl_window_reserve(m, index, delta);
		if (rc) {
			unreserve(m, index, delta);
			return rc;
		}
	}
	return 0;
}

/* 0: an attempt's candidates are all taken, or there is no memory, which *error says. */
static intptr_t try_plan(uint32_t index, int *error)
{
	*error = 0;
	for (int tries = 0; plan.sign && tries < PLACE_TRIES; tries++) {
		intptr_t delta = fl_delta_candidate(&plan, next_candidate++);
		int rc = reserve_all(index, delta);

		if (!rc)
			return delta;
		if (rc != -EEXIST) {
			*error = rc;
			return 0;
		}
	}
	return 0;
}

/* A delta that is free for all modules, reserved; 0 when there is none. */
static intptr_t find_free(uint32_t index)
{
	intptr_t delta = 0;
	int error = 0;

	if (!fl_options.windows || !fl_modules || !fl_window_may_have_more())
		return 0;
	while (attempt < FL_DELTA_ATTEMPTS) {
		delta = try_plan(index, &error);
		if (delta || error)
			break;
		plan = fl_delta_plan_make(&address_space, below_ok, ++attempt);
		next_candidate = 0;
	}
	return delta;
}

static void complain_unplaced(void)
{
	static bool said;

	if (said || !fl_options.windows)
		return;
	said = true;
	fl_print_message("no memory or address space for another thread's counters: such threads share one "
			 "copy, which "
			 "is inexact");
}

static bool fill_all(uint32_t index, intptr_t delta)
{
	bool filled = true;

	for (struct fl_module *m = fl_modules; m; m = m->next) {
		enum fl_window_state state = fl_window_of(m, index)->state;
		if (state == FL_WINDOW_RESERVED || state == FL_WINDOW_STALE)
			filled &= fl_window_fill(m, index, delta);
	}
	return filled;
}

/* Windows for modules that came while nobody used the lane. */
static bool reserve_missing(uint32_t index, intptr_t delta)
{
	for (struct fl_module *m = fl_modules; m; m = m->next) {
		struct fl_window *window = fl_window_of(m, index);
		if (!window || (window->state == FL_WINDOW_NONE && fl_window_reserve(m, index, delta)))
			return false;
	}
	return true;
}

static void abandon(uint32_t index, struct fl_lane *lane)
{
	if (!lane->delta)
		return;
	for (struct fl_module *m = fl_modules; m; m = m->next)
		fl_window_drop(m, index, lane->delta);
	lane->delta = 0;
}

void fl_lane_prepare(uint32_t index)
{
	struct fl_lane *lane = fl_lane_at(index);

	if (!lane || !fl_modules)
		return;
	lane->in_section = false;
	if (lane->delta && !reserve_missing(index, lane->delta))
		abandon(index, lane);
	if (!lane->delta)
		lane->delta = find_free(index);
	if (lane->delta && !fill_all(index, lane->delta))
		abandon(index, lane);
	if (!lane->delta) {
		complain_unplaced();
		lane->in_section = true;
		for (struct fl_module *m = fl_modules; m; m = m->next)
			fl_lane_note_section(m);
	}
}

static void set_delta(intptr_t delta, bool own_tls)
{
	if (own_tls)
		__furlong_coverage_delta = delta;
	if (sets_register)
		fl_sys_delta_set(delta, fl_options.fsgsbase);
}

void fl_lane_enter(uint32_t index, bool own_tls)
{
	struct fl_lane *lane = fl_table_at(&lanes, index);

	set_delta(lane ? lane->delta : 0, own_tls);
}

static bool hold_all(uint32_t index, intptr_t delta)
{
	for (struct fl_module *m = fl_modules; m; m = m->next) {
		if (fl_window_hold(m, index, delta))
			continue;
		for (struct fl_module *held = fl_modules; held != m; held = held->next)
			fl_window_unhold(held, index, delta);
		return false;
	}
	return true;
}

/* The calling thread's windows go where there is room for the new module too, contents and all. */
static bool move_self(uint32_t index, struct fl_lane *lane, struct fl_module *added)
{
	for (int tries = 0; tries < PLACE_TRIES; tries++) {
		intptr_t to = fl_delta_candidate(&plan, next_candidate++);

		if (!hold_all(index, to))
			continue;
		if (!fl_window_reserve(added, index, to)) {
			for (struct fl_module *m = fl_modules; m; m = m->next)
				if (m != added)
					fl_window_move(m, index, lane->delta, to);
			lane->delta = to;
			return true;
		}
		for (struct fl_module *m = fl_modules; m; m = m->next)
			fl_window_unhold(m, index, to);
	}
	return false;
}

static void admit_to(uint32_t index, struct fl_lane *lane, struct fl_module *module, bool is_self)
{
	struct fl_window *window = fl_window_of(module, index);
	struct fl_thread *thread = fl_threads_at(index);

	if (!window)
		return;
	if (!lane->delta) {
		if (thread->taken && (lane->in_section || !is_self))
			fl_lane_note_section(module);
		return;
	}
	if (window->state == FL_WINDOW_NONE && fl_window_reserve(module, index, lane->delta)) {
		if (!thread->taken)
			abandon(index, lane);
		else if (!is_self || !move_self(index, lane, module))
			fl_print_message("thread %d has no address space left for the counters of %s",
				thread->tid, module->path);
	}
	if (window->state != FL_WINDOW_NONE && !fl_window_fill(module, index, lane->delta) && is_self)
		abandon(index, lane);
}

void fl_lane_admit(struct fl_module *module, struct fl_thread *self)
{
	struct fl_lane *lane = self ? fl_lane_at(self->index) : NULL;
	intptr_t was = lane ? lane->delta : 0;

	if (strangers)
		fl_lane_note_section(module);
	for (uint32_t i = 0; i < fl_threads_count(); i++)
		if (fl_lane_at(i))
			admit_to(i, fl_lane_at(i), module, lane == fl_lane_at(i));
	if (!lane)
		return;
	if (!lane->delta && !lane->in_section)
		fl_lane_prepare(self->index);
	if (lane->delta != was)
		fl_lane_enter(self->index, true);
}

void fl_lane_each_slot(struct fl_module *module, void (*each)(struct fl_module *, uint32_t, intptr_t))
{
	for (uint32_t i = 0; i < fl_threads_count(); i++) {
		struct fl_lane *lane = fl_lane_at(i);
		if (lane && lane->delta && fl_window_of(module, i)->state == FL_WINDOW_SLOT)
			each(module, i, lane->delta);
	}
}

void fl_lane_fork_child(struct fl_thread *self)
{
	struct fl_lane *own = self ? fl_lane_at(self->index) : NULL;

	for (uint32_t i = 0; i < fl_threads_count(); i++) {
		struct fl_lane *lane = fl_lane_at(i);
		if (lane && lane->delta)
			for (struct fl_module *m = fl_modules; m; m = m->next)
				fl_window_fork_child(m, i, lane->delta, lane == own);
	}
	if (!own)
		return;
	/* A thread that the parent did not know may run on its creator's delta; one of clone() may have new
	 * TLS. */
	if (!own->delta && !own->in_section) {
		fl_lane_prepare(self->index);
		fl_lane_enter(self->index, true);
	}
	__furlong_coverage_delta = own->delta;
}
