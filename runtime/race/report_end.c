/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * report_end.c: what a process says to the race file at its end: how often its races happened, what was
 * checked and what was not. May be asked more than once; then only if there is something new.
 */
#include "race/budget.h"
#include "race/report.h"

#include <string.h>

static struct {
	uint64_t counts[FL_COUNT_ROOM];
	bool written;
} end_told;

static void end_times(struct fl_report_known *known, void *data)
{
	uint64_t times = __atomic_load_n(&known->times, __ATOMIC_RELAXED);

	if (times == known->told)
		return;
	known->told = times;
	fl_report_put(data, "times %016lx %lu\n", known->key, times);
}

static void end_missed(struct fl_report_out *out, const uint64_t *counts)
{
	const struct {
		const char *what;
		uint64_t count;
	} missed[] = {
		{"signal", counts[FL_COUNT_IN_SIGNAL]},
		{"blind", counts[FL_COUNT_BLIND]},
		{"truncated", counts[FL_COUNT_TRUNCATED]},
		{"slots", counts[FL_COUNT_SLOT_REUSE]},
		{"frozen", counts[FL_COUNT_FROZEN]},
		{"shared", counts[FL_COUNT_SHARED]},
		{"rings", counts[FL_COUNT_RINGS]},
		{"reports", fl_report_unknown()},
		{"orders", counts[FL_COUNT_ORDERS]},
		{"rested", fl_budget_rested()},
		{"foreign", counts[FL_COUNT_FOREIGN]},
	};

	for (size_t i = 0; i < sizeof(missed) / sizeof(*missed); i++)
		if (missed[i].count)
			fl_report_put(out, "missed %s %lu\n", missed[i].what, missed[i].count);
}

static void end_seen(struct fl_report_out *out)
{
	struct fl_race_unit_sums seen = fl_race_units_seen();

	fl_report_put(out, "seen %lu %lu %lu %lu %lu\n", seen.checked, seen.local, seen.constant,
		seen.repeated, seen.left_out);
}

void fl_report_end_data(struct fl_report_objects *objects)
{
	struct fl_report_out block = {0};
	uint64_t counts[FL_COUNT_ROOM];
	size_t head;
	bool first = !end_told.written;

	fl_race_counts(counts);
	fl_report_data_head(&block);
	head = block.length;
	fl_report_known_each(end_times, &block);
	if (first || memcmp(counts, end_told.counts, sizeof(counts))) {
		end_seen(&block);
		end_missed(&block, counts);
	}
	for (size_t i = 0; first && i < objects->count; i++)
		if (objects->items[i].bare) {
			fl_report_put(&block, "bare");
			fl_report_put_field(&block, objects->items[i].path);
			fl_report_put(&block, "\n");
		}
	if (block.length > head && !block.failed) {
		fl_report_put(&block, "end\n");
		fl_report_data_append(&block);
	}
	end_told.written = true;
	memcpy(end_told.counts, counts, sizeof(counts));
	fl_report_out_clear(&block);
}

void fl_report_end_fork_child(void)
{
	end_told.written = false;
}
