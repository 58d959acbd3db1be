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

FL_PUBLIC void __furlong_race_module(uint32_t abi_version, const struct furlong_race_module *module)
{
	uint64_t mask;

	fl_init();
	if (abi_version != FURLONG_ABI_VERSION) {
		fl_print_message(
			"a module was compiled by another version of Furlong (ABI %u, the runtime has %u): "
			"build it again; its accesses are not checked",
			abi_version, FURLONG_ABI_VERSION);
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
