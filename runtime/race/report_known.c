/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * report_known.c: the races of this process, by key, with how often each happened. Entries are only ever
 * added, by compare-and-exchange: a race that repeats a million times costs an addition.
 */
#include "race/report.h"

#include "core/sys.h"

#include <string.h>

#define KNOWN_LOG2  16
#define KNOWN_LIMIT (1u << KNOWN_LOG2)
#define KNOWN_TRIES 64

/* No memory until it is touched. */
static struct fl_report_known known_table[KNOWN_LIMIT];
static uint64_t known_unplaced;
static bool known_any;

struct fl_report_known *fl_report_know(uint64_t key, bool *is_new)
{
	uint32_t at = (uint32_t)(key * 0x9e3779b97f4a7c15u >> (64 - KNOWN_LOG2));

	*is_new = false;
	for (uint32_t i = 0; i < KNOWN_TRIES; i++, at = (at + 1) % KNOWN_LIMIT) {
		struct fl_report_known *known = &known_table[at];
		uint64_t seen = __atomic_load_n(&known->key, __ATOMIC_ACQUIRE);

		if (!seen && __atomic_compare_exchange_n(
				     &known->key, &seen, key, false, __ATOMIC_ACQ_REL, __ATOMIC_ACQUIRE)) {
			*is_new = known_any = true;
			seen = key;
		}
		if (seen == key) {
			__atomic_add_fetch(&known->times, 1, __ATOMIC_RELAXED);
			return known;
		}
	}
	__atomic_add_fetch(&known_unplaced, 1, __ATOMIC_RELAXED);
	return NULL;
}

void fl_report_known_each(void (*each)(struct fl_report_known *known, void *data), void *data)
{
	for (uint32_t i = 0; known_any && i < KNOWN_LIMIT; i++)
		if (known_table[i].key)
			each(&known_table[i], data);
}

uint64_t fl_report_unknown(void)
{
	return __atomic_load_n(&known_unplaced, __ATOMIC_RELAXED);
}

/* What the parent reported is the parent's. */
void fl_report_known_fork_child(void)
{
	for (uint32_t i = 0; known_any && i < KNOWN_LIMIT; i++)
		if (known_table[i].key)
			known_table[i] = (struct fl_report_known){0};
	known_any = false;
	known_unplaced = 0;
}
