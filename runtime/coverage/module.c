/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * module.c: instrumented objects come and go.
 *
 * Objects that are linked with the runtime are expected from the start: their code may run before their
 * constructors do, and by then the thread's delta may be set; so they get private windows over all they can
 * write to, which become slots when they register. An object that has gone loses its windows when dlclose
 * returns: code of it may run late in exit, so it has no destructor of ours.
 */
#include "coverage/coverage.h"

#include "core/core.h"
#include "core/last.h"
#include "core/options.h"
#include "core/print.h"

#include <string.h>

struct fl_module *fl_modules;
static uint32_t looks; /* so many began */

/* What one look at the loader's list found out. */
struct look {
	uint32_t number;
	uintptr_t address; /* whose object is wanted; 0: none */
	struct fl_sys_object object;
	bool found;
};

static uintptr_t page_down(uintptr_t address)
{
	return address & ~(uintptr_t)(fl_sys_page_size() - 1);
}

static uintptr_t page_up(uintptr_t address)
{
	return page_down(address + fl_sys_page_size() - 1);
}

static struct fl_module *add(enum fl_module_kind kind, uintptr_t low, uintptr_t high, const char *path)
{
	struct fl_module *module = fl_arena_take(sizeof(*module));

	if (!module)
		return NULL;
	memset(module, 0, sizeof(*module));
	module->path = fl_arena_take(strlen(path) + 1);
	if (!module->path)
		return NULL;
	strcpy(module->path, path);
	module->kind = kind;
	module->low = page_down(low);
	module->high = page_up(high);
	module->windows.element_bytes = sizeof(struct fl_window);
	module->seen = __atomic_load_n(&looks, __ATOMIC_ACQUIRE);
	module->next = fl_modules;
	__atomic_store_n(&fl_modules, module, __ATOMIC_RELEASE);
	return module;
}

static void drop(struct fl_module *module)
{
	struct fl_module **at = &fl_modules;

	fl_fold_gone(module);
	for (uint32_t i = 0; i < fl_threads_count(); i++)
		if (fl_lane_at(i) && fl_lane_at(i)->delta)
			fl_window_drop(module, i, fl_lane_at(i)->delta);
	while (*at != module)
		at = &(*at)->next;
	*at = module->next;
}

static void expect(const struct fl_sys_object *object, void *data)
{
	(void)data;
	if (object->writable_begin < object->writable_end && fl_sys_object_may_count(object))
		add(FL_MODULE_EXPECTED, object->writable_begin, object->writable_end, object->path);
}

void fl_module_expect_loaded(void)
{
	fl_sys_objects_look(expect, NULL);
}

/* Looks may overlap, as they are without our lock: a later one counts. */
static void see(struct fl_module *module, uint32_t look)
{
	uint32_t seen = __atomic_load_n(&module->seen, __ATOMIC_RELAXED);

	while (seen < look && !__atomic_compare_exchange_n(
				      &module->seen, &seen, look, false, __ATOMIC_RELEASE, __ATOMIC_RELAXED))
		;
}

static void match(const struct fl_sys_object *object, void *data)
{
	struct look *look = data;

	for (struct fl_module *m = __atomic_load_n(&fl_modules, __ATOMIC_ACQUIRE); m; m = m->next)
		if (m->low >= page_down(object->begin) && m->low < object->end)
			see(m, look->number);
	if (look->address >= object->begin && look->address < object->end) {
		look->object = *object;
		look->found = true;
	}
}

/* The list may be walked at any time: modules are added in front, and what has been taken out still leads on.
 */
static struct look look_for(const void *address)
{
	struct look look = {.address = (uintptr_t)address};

	look.number = __atomic_add_fetch(&looks, 1, __ATOMIC_ACQ_REL);
	fl_sys_objects_look(match, &look);
	return look;
}

/* What neither that look nor a later one saw, and what was not added since, is gone. */
static void drop_gone(uint32_t look)
{
	for (struct fl_module *m = fl_modules, *next; m; m = next) {
		next = m->next;
		if (__atomic_load_n(&m->seen, __ATOMIC_ACQUIRE) < look)
			drop(m);
	}
}

void fl_module_drop_gone(void)
{
	struct look look = look_for(NULL);
	uint64_t mask = fl_enter();

	drop_gone(look.number);
	fl_leave(mask);
}

static struct fl_module *find_within(uintptr_t low, uintptr_t high)
{
	for (struct fl_module *m = fl_modules; m; m = m->next)
		if (low < m->high && m->low < high)
			return m;
	return NULL;
}

static void narrow(struct fl_module *module, uintptr_t low, uintptr_t high)
{
	for (uint32_t i = 0; i < fl_threads_count(); i++)
		if (fl_lane_at(i) && fl_lane_at(i)->delta)
			fl_window_narrow(module, i, fl_lane_at(i)->delta, low, high);
	module->low = low;
	module->high = high;
}

static void count(struct fl_module *module, const struct furlong_coverage_module *tables)
{
	module->kind = FL_MODULE_COUNTING;
	module->tables = *tables;
	module->counters = tables->counters_begin;
	module->counter_count = (size_t)(tables->counters_end - tables->counters_begin);
	module->id = fl_layout_id(tables, fl_sys_page_size());
	module->file = fl_file_get(module);
}

/* The module as it was before, come back to the same place. */
static bool is_same(const struct fl_module *module, const struct furlong_coverage_module *tables)
{
	return module->kind == FL_MODULE_COUNTING && module->counters == tables->counters_begin &&
	       module->tables.counters_end == tables->counters_end &&
	       module->id == fl_layout_id(tables, fl_sys_page_size());
}

static struct fl_module *admit(const struct furlong_coverage_module *tables, const char *path)
{
	uintptr_t low = page_down((uintptr_t)tables->counters_begin),
		  high = page_up((uintptr_t)tables->counters_end);
	struct fl_module *module = find_within(low, high);

	if (module && is_same(module, tables)) {
		module->tables = *tables;
		if (module->section_folded) /* the section is a new one */
			memset(module->section_folded, 0, module->counter_count * sizeof(uint64_t));
		return module;
	}
	while (module && (module->kind != FL_MODULE_EXPECTED || module->low > low || module->high < high)) {
		drop(module);
		module = find_within(low, high);
	}
	if (module)
		narrow(module, low, high);
	else
		module = add(FL_MODULE_COUNTING, low, high, path);
	if (module)
		count(module, tables);
	return module;
}

static void admit_foreign(uint32_t version, const struct look *look)
{
	struct fl_module *module = find_within(look->object.writable_begin, look->object.writable_end);

	fl_print_message("%s was built for version %u of the runtime's interface, this is version %u: it is "
			 "not counted",
		look->found ? look->object.path : "a module", version, FURLONG_ABI_VERSION);
	if (module || !look->found)
		return;
	module = add(
		FL_MODULE_FOREIGN, look->object.writable_begin, look->object.writable_end, look->object.path);
	if (module)
		fl_lane_admit(module, fl_threads_self());
}

FL_PUBLIC void __furlong_coverage_module(uint32_t abi_version, const struct furlong_coverage_module *tables)
{
	struct fl_module *module = NULL;
	struct fl_thread *self;
	struct look look;
	uint64_t mask;

	fl_init();
	if (!fl_options.coverage)
		return;
	look = look_for(tables);
	mask = fl_enter();
	drop_gone(look.number);
	self = fl_threads_self();
	if (!self)
		self = fl_threads_adopt();
	if (abi_version != FURLONG_ABI_VERSION)
		admit_foreign(abi_version, &look);
	else if (tables->counters_begin < tables->counters_end)
		module = admit(tables, look.found ? look.object.path : "unknown");
	if (module) {
		fl_lane_admit(module, self);
		fl_fold_section(module, self);
		if (module->file)
			fl_file_settle(module->file);
	}
	fl_leave(mask);
	fl_last_init();
}
