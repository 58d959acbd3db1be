/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * report_known.c: the races of this process, by key, with how often each happened. Entries are only ever
 * added, by compare-and-exchange: a race that repeats a million times costs an addition.
 *
 * A row of tables, each twice as large as the one before it. A key is in the first free place that there was
 * among its few places in the first table, then in the second, and so on: who looks for it comes by there.
 */
#include "race/report.h"

#include "core/sys.h"
#include "race/cell.h"

#define KNOWN_TABLES     12
#define KNOWN_FIRST_LOG2 FL_TINY(10, 3)
#define KNOWN_TRIES      16

static struct fl_report_known *known_tables[KNOWN_TABLES];
static uint64_t known_unplaced;

static uint32_t known_size(uint32_t table)
{
	return 1u << (KNOWN_FIRST_LOG2 + table);
}

/* NULL: there is no memory. */
static struct fl_report_known *known_table(uint32_t table)
{
	struct fl_report_known *entries = __atomic_load_n(&known_tables[table], __ATOMIC_ACQUIRE),
			       *none = NULL;
	size_t bytes = known_size(table) * sizeof(*entries);

	if (entries)
		return entries;
	entries = fl_pool_map(bytes);
	if (entries && !__atomic_compare_exchange_n(&known_tables[table], &none, entries, false,
			       __ATOMIC_ACQ_REL, __ATOMIC_ACQUIRE)) {
		fl_sys_unmap(entries, bytes);
		entries = none;
	}
	return entries;
}

/* The entry of the key, made where there is room in this table; NULL: there is none. */
static struct fl_report_known *known_in(
	struct fl_report_known *entries, uint32_t size, uint64_t key, bool *is_new)
{
	uint32_t at = (uint32_t)(key * 0x9e3779b97f4a7c15u >> 32);

	for (uint32_t i = 0; i < KNOWN_TRIES; i++) {
		struct fl_report_known *known = &entries[(at + i) & (size - 1)];
		uint64_t seen = __atomic_load_n(&known->key, __ATOMIC_ACQUIRE);

		if (!seen && __atomic_compare_exchange_n(
				     &known->key, &seen, key, false, __ATOMIC_ACQ_REL, __ATOMIC_ACQUIRE)) {
			*is_new = true;
			seen = key;
		}
		if (seen == key)
			return known;
	}
	return NULL;
}

struct fl_report_known *fl_report_know(uint64_t key, bool *is_new)
{
	*is_new = false;
	for (uint32_t i = 0; i < KNOWN_TABLES; i++) {
		struct fl_report_known *entries = known_table(i), *known;

		if (!entries)
			break;
		known = known_in(entries, known_size(i), key, is_new);
		if (known) {
			__atomic_add_fetch(&known->times, 1, __ATOMIC_RELAXED);
			return known;
		}
	}
	__atomic_add_fetch(&known_unplaced, 1, __ATOMIC_RELAXED);
	return NULL;
}

void fl_report_known_each(void (*each)(struct fl_report_known *known, void *data), void *data)
{
	for (uint32_t i = 0; i < KNOWN_TABLES && known_tables[i]; i++)
		for (uint32_t at = 0; at < known_size(i); at++)
			if (known_tables[i][at].key)
				each(&known_tables[i][at], data);
}

uint64_t fl_report_unknown(void)
{
	return __atomic_load_n(&known_unplaced, __ATOMIC_RELAXED);
}

/* What the parent reported is the parent's. */
void fl_report_known_fork_child(void)
{
	for (uint32_t i = 0; i < KNOWN_TABLES && known_tables[i]; i++)
		for (uint32_t at = 0; at < known_size(i); at++)
			if (known_tables[i][at].key)
				known_tables[i][at] = (struct fl_report_known){0};
	known_unplaced = 0;
}
