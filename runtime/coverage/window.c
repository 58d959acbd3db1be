/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * window.c: one window: the pages of a module's counters, shifted by a lane's delta.
 *
 * NONE -> RESERVED -> SLOT, or PRIVATE where no slot is to be had (or none yet). A private window that gets a
 * slot takes its counts along. In a fork's child all windows are the parent's: STALE, until mapped anew.
 */
#include "coverage/coverage.h"

#include "core/print.h"

#include <errno.h>
#include <string.h>

/* Linux gives a process 65530 mappings; the program needs some too. A limit for new lanes only: a module that
 * comes must have its windows in all living ones. */
#define WINDOW_BUDGET 30000

static uint32_t windows_mapped;

bool fl_window_may_have_more(void)
{
	return windows_mapped < WINDOW_BUDGET;
}

struct fl_window *fl_window_of(struct fl_module *module, uint32_t index)
{
	return fl_table_make(&module->windows, index);
}

static void *address(const struct fl_module *module, intptr_t delta)
{
	return (void *)(module->low + (uintptr_t)delta);
}

static size_t bytes(const struct fl_module *module)
{
	return module->high - module->low;
}

int fl_window_reserve(struct fl_module *module, uint32_t index, intptr_t delta)
{
	struct fl_window *window = fl_window_of(module, index);
	void *at = address(module, delta);
	int rc;

	if (!window)
		return -ENOMEM;
	if (module->low + (uintptr_t)delta < fl_sys_page_size())
		return -EEXIST;
	rc = fl_sys_reserve(&at, bytes(module), FL_SYS_MAP_FREE);
	if (rc)
		return rc;
	window->state = FL_WINDOW_RESERVED;
	windows_mapped++;
	return 0;
}

static void note_private(struct fl_module *module, struct fl_window *window)
{
	window->state = FL_WINDOW_PRIVATE;
	if (module->kind != FL_MODULE_COUNTING)
		return;
	module->in_private = true;
	if (module->file)
		__atomic_fetch_add(&module->file->header->unslotted_threads, 1, __ATOMIC_RELAXED);
}

static void complain_room(const struct fl_file *file, int error)
{
	static bool said;

	if (said)
		return;
	said = true;
	fl_print_message("no room for another thread's counts in %s: %s. They are kept in memory and "
			 "stored at exit or exec; a signal that kills loses them",
		file->path, fl_print_error(error));
}

/* A copy of what a private window has counted so far; NULL if that is nothing. */
static uint64_t *save_counts(const struct fl_module *module, intptr_t delta)
{
	const uint64_t *from = fl_shifted(module->counters, delta);
	void *copy = NULL;
	size_t i = 0;

	while (i < module->counter_count && !from[i])
		i++;
	if (i == module->counter_count ||
		fl_sys_map(&copy, module->counter_count * sizeof(*from), FL_SYS_MAP_ANYWHERE, -1, 0))
		return NULL;
	return memcpy(copy, from, module->counter_count * sizeof(*from));
}

static void add_counts(const struct fl_module *module, intptr_t delta, uint64_t *saved)
{
	uint64_t *to = fl_shifted(module->counters, delta);

	for (size_t i = 0; i < module->counter_count; i++)
		to[i] += saved[i];
	fl_sys_unmap(saved, module->counter_count * sizeof(*saved));
}

bool fl_window_fill(struct fl_module *module, uint32_t index, intptr_t delta)
{
	struct fl_window *window = fl_window_of(module, index);
	void *at = address(module, delta);
	bool tries = module->kind == FL_MODULE_COUNTING && module->file;
	uint64_t *saved = tries && window->state == FL_WINDOW_PRIVATE ? save_counts(module, delta) : NULL;
	int rc = tries ? fl_slot_map(module->file, at, &window->slot) : -ENOENT;

	if (!rc) {
		window->state = FL_WINDOW_SLOT;
		fl_label_claimed(module, fl_shifted(module->counters, delta));
	} else {
		if (tries)
			complain_room(module->file, rc);
		if (tries || window->state != FL_WINDOW_PRIVATE) { /* over what the attempt left there */
			if (fl_sys_map(&at, bytes(module), FL_SYS_MAP_REPLACE, -1, 0))
				return false;
			window->folded = NULL;
		}
		note_private(module, window);
	}
	if (saved)
		add_counts(module, delta, saved);
	return true;
}

static void release_slot(struct fl_module *module, struct fl_window *window)
{
	if (window->state == FL_WINDOW_SLOT)
		fl_slot_release(module->file, window->slot);
}

void fl_window_drop(struct fl_module *module, uint32_t index, intptr_t delta)
{
	struct fl_window *window = fl_window_of(module, index);

	if (!window || window->state == FL_WINDOW_NONE)
		return;
	if (window->state == FL_WINDOW_SLOT || window->state == FL_WINDOW_PRIVATE)
		fl_label_leaves(module, fl_shifted(module->counters, delta));
	fl_sys_unmap(address(module, delta), bytes(module));
	release_slot(module, window);
	windows_mapped--;
	*window = (struct fl_window){0};
}

/* Gives back what an expected module's window had beyond its counters. */
void fl_window_narrow(struct fl_module *module, uint32_t index, intptr_t delta, uintptr_t low, uintptr_t high)
{
	struct fl_window *window = fl_window_of(module, index);

	if (!window || window->state == FL_WINDOW_NONE)
		return;
	if (module->low < low)
		fl_sys_unmap(address(module, delta), low - module->low);
	if (high < module->high)
		fl_sys_unmap((void *)(high + (uintptr_t)delta), module->high - high);
}

bool fl_window_hold(struct fl_module *module, uint32_t index, intptr_t delta)
{
	struct fl_window *window = fl_window_of(module, index);
	void *at = address(module, delta);

	return window &&
	       (window->state == FL_WINDOW_NONE || !fl_sys_reserve(&at, bytes(module), FL_SYS_MAP_FREE));
}

void fl_window_unhold(struct fl_module *module, uint32_t index, intptr_t delta)
{
	if (fl_window_of(module, index)->state != FL_WINDOW_NONE)
		fl_sys_unmap(address(module, delta), bytes(module));
}

void fl_window_move(struct fl_module *module, uint32_t index, intptr_t from, intptr_t to)
{
	if (fl_window_of(module, index)->state != FL_WINDOW_NONE)
		fl_sys_move(address(module, from), bytes(module), address(module, to));
}

void fl_window_sync(struct fl_module *module, uint32_t index, intptr_t delta)
{
	(void)index;
	fl_sys_sync(address(module, delta), bytes(module));
}

void fl_window_zero(struct fl_module *module, uint32_t index, intptr_t delta)
{
	(void)index;
	memset(fl_shifted(module->counters, delta), 0, module->counter_count * sizeof(uint64_t));
}

void fl_window_fork_child(struct fl_module *module, uint32_t index, intptr_t delta, bool is_self)
{
	struct fl_window *window = fl_window_of(module, index);

	if (!window || window->state == FL_WINDOW_NONE)
		return;
	window->state = FL_WINDOW_STALE;
	window->folded = NULL;
	if (is_self)
		fl_window_fill(module, index, delta);
}
