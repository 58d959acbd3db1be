/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * report.c: a race, as one line.
 */
#include "race/race.h"

#include "core/print.h"

static uint32_t races_reported;

void fl_report_race(const struct fl_race_found *found)
{
	struct fl_race_context now = fl_context_get(found->now.context, found->now.byte);
	struct fl_race_context before = fl_context_get(found->before.context, found->before.byte);

	__atomic_fetch_add(&races_reported, 1, __ATOMIC_RELAXED);
	fl_print_message("%s: %s of size %u at %p (pc %p), %s of size %u before (pc %p)", found->kind,
		found->now.write ? "write" : "read", now.size, (void *)found->now.address, now.pc,
		found->before.write ? "write" : "read", before.size, before.pc);
}

void fl_report_init(void)
{
}

void fl_report_at_exit(void)
{
}

void fl_report_fork_child(void)
{
}

int fl_report_exit_status(int status)
{
	return status || !races_reported ? status : 66;
}
