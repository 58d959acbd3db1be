/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * module.c: modules with race checks, and how many accesses the pass saw in them.
 *
 * The sums outlive the module: dlclose may take its tables along.
 */
#include "core/core.h"
#include "core/print.h"
#include "race/instrument.h"
#include "race/memory.h"
#include "race/race.h"
#include "race/report.h"

static struct fl_race_unit_sums module_sums;

static void module_add(const struct furlong_race_module *module)
{
	for (const struct furlong_race_unit *unit = module->units_begin; unit < module->units_end; unit++) {
		module_sums.checked += unit->checked;
		module_sums.local += unit->local;
		module_sums.constant += unit->constant;
		module_sums.repeated += unit->repeated;
		module_sums.left_out += unit->left_out;
	}
	module_sums.modules++;
}

struct module_look {
	uintptr_t address;
	struct fl_sys_object found;
};

static void module_match(const struct fl_sys_object *object, void *data)
{
	struct module_look *look = data;

	if (look->address >= object->begin && look->address < object->end)
		look->found = *object;
}

/* Code of another version says what it does in another way, or not at all: orders may be missing. */
static void module_refuse(uint32_t abi_version, const void *tables)
{
	struct module_look look = {.address = (uintptr_t)tables, .found.path = "a module"};
	uint64_t mask;

	fl_sys_objects_look(module_match, &look);
	mask = fl_enter();
	if (fl_race_blind != FL_BLIND_OF_FOREIGN)
		fl_print_message(
			"%s was built for version %u of the runtime's interface, this is version %u: build "
			"it again; this process is not looked at for races",
			look.found.path, abi_version, FURLONG_ABI_VERSION);
	fl_race_count(FL_COUNT_FOREIGN);
	fl_race_blind = FL_BLIND_OF_FOREIGN;
	if (fl_race_self_thread)
		fl_race_publish(fl_race_self_thread);
	fl_leave(mask);
}

FL_PUBLIC void __furlong_race_module(uint32_t abi_version, const struct furlong_race_module *module)
{
	uint64_t mask;

	fl_init();
	if (abi_version != FURLONG_ABI_VERSION) {
		module_refuse(abi_version, module);
		return;
	}
	fl_race_begin();
	mask = fl_enter();
	module_add(module);
	fl_leave(mask);
	fl_memory_objects_changed();
	fl_report_objects_remember(module);
}

struct fl_race_unit_sums fl_race_units_seen(void)
{
	return module_sums;
}
