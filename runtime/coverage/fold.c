/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * fold.c: counts that stand in private memory (the section itself, private windows) are added to
 * the file's common slot.
 *
 * Other threads may go on counting there, so nothing is taken away: what was handed in before is remembered,
 * and the difference is added.
 */
#include "coverage/coverage.h"

#include "core/options.h"
#include "core/print.h"

#include <string.h>

static size_t count_bytes(const struct fl_module *module)
{
	return module->counter_count * sizeof(uint64_t);
}

/* The counters of the file's common slot, mapped for as long as a fold takes. */
static uint64_t *map_target(struct fl_module *module)
{
	size_t size = module->high - module->low;
	void *at = NULL;

	if (!module->file) {
		module->file = fl_file_get(module);
		if (!module->file)
			return NULL;
		fl_file_settle(module->file);
	}
	if (fl_sys_reserve(&at, size, FL_SYS_MAP_ANYWHERE))
		return NULL;
	if (!fl_slot_map_common(module->file, at))
		return (uint64_t *)((char *)at + ((uintptr_t)module->counters - module->low));
	fl_sys_unmap(at, size);
	return NULL;
}

static void unmap_target(struct fl_module *module, uint64_t *target)
{
	fl_sys_unmap(
		(char *)target - ((uintptr_t)module->counters - module->low), module->high - module->low);
}

static bool add_difference(
	struct fl_module *module, const uint64_t *from, uint64_t **folded, uint64_t *target)
{
	void *memory = NULL;
	bool any = false;

	if (!*folded && fl_sys_map(&memory, count_bytes(module), FL_SYS_MAP_ANYWHERE, -1, 0))
		return false;
	if (!*folded)
		*folded = memory;
	for (size_t i = 0; i < module->counter_count; i++) {
		uint64_t now = __atomic_load_n(&from[i], __ATOMIC_RELAXED), difference = now - (*folded)[i];

		if (!difference)
			continue;
		__atomic_fetch_add(&target[i], difference, __ATOMIC_RELAXED);
		(*folded)[i] = now;
		any = true;
	}
	return any;
}

static bool fold_windows(struct fl_module *module, uint64_t *target)
{
	bool any = false;

	for (uint32_t i = 0; i < fl_threads_count(); i++) {
		struct fl_lane *lane = fl_lane_at(i);
		struct fl_window *window = fl_window_of(module, i);

		if (lane && window && window->state == FL_WINDOW_PRIVATE)
			any |= add_difference(
				module, fl_shifted(module->counters, lane->delta), &window->folded, target);
	}
	return any;
}

static void complain_lost(void)
{
	static bool said;

	if (said)
		return;
	said = true;
	fl_print_message("the counts of this process (%d) are lost: they could not be stored in %s",
		fl_sys_process(), fl_place_dir());
}

/* An object may have gone without a word: the program's dlclose was not ours. */
static void miss_section(struct fl_module *module)
{
	const struct furlong_coverage_module *t = &module->tables;

	if (!module->in_section)
		return;
	module->in_section =
		fl_sys_is_mapped(module->counters, count_bytes(module)) &&
		fl_sys_is_mapped(t->ids_begin, (size_t)(t->ids_end - t->ids_begin) * sizeof(uint64_t)) &&
		fl_layout_id(t, fl_sys_page_size()) == module->id;
}

static void fold(struct fl_module *module, bool at_exit)
{
	uint64_t *target;
	bool any = false;

	if (module->kind != FL_MODULE_COUNTING)
		return;
	miss_section(module);
	if (!(module->in_section || module->in_private))
		return;
	target = map_target(module);
	if (!target) {
		if (at_exit)
			complain_lost();
		return;
	}
	if (module->in_private)
		any |= fold_windows(module, target);
	if (module->in_section)
		any |= add_difference(module, module->counters, &module->section_folded, target);
	unmap_target(module, target);
	if (any && !module->said_private)
		__atomic_fetch_add(&module->file->header->private_processes, 1, __ATOMIC_RELAXED);
	module->said_private |= any;
}

void fl_fold_all(bool at_exit)
{
	for (struct fl_module *m = fl_modules; m; m = m->next)
		fold(m, at_exit);
}

void fl_fold_gone(struct fl_module *module)
{
	module->in_section = false;
	fold(module, false);
}

/* What ran before the module registered counted into the section; it goes to where its thread counts now. */
void fl_fold_section(struct fl_module *module, const struct fl_thread *self)
{
	struct fl_lane *lane = self ? fl_lane_at(self->index) : NULL;
	uint64_t *to;

	if (!lane || !lane->delta || fl_window_of(module, self->index)->state == FL_WINDOW_NONE)
		return;
	to = fl_shifted(module->counters, lane->delta);
	for (size_t i = 0; i < module->counter_count; i++)
		if (module->counters[i]) {
			to[i] += module->counters[i];
			module->counters[i] = 0;
		}
}

/* The child's sections hold counts of its parent's, which the parent hands in. */
void fl_fold_fork_child(void)
{
	void *memory = NULL;

	for (struct fl_module *m = fl_modules; m; m = m->next) {
		m->said_private = false;
		if (m->kind == FL_MODULE_COUNTING)
			miss_section(m);
		if (!m->in_section)
			continue;
		if (!m->section_folded && !fl_sys_map(&memory, count_bytes(m), FL_SYS_MAP_ANYWHERE, -1, 0))
			m->section_folded = memory;
		if (m->section_folded)
			memcpy(m->section_folded, m->counters, count_bytes(m));
		memory = NULL;
	}
}
