/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * intern.c: intern.h.
 */
#include "race/intern.h"

#include "core/sys.h"
#include "race/cell.h"

#define BUCKETS_FIRST FL_TINY(1u << 16, 4)
#define LEVELS        8 /* as many as a table can have */

static size_t intern_stride(const struct fl_intern *table)
{
	return sizeof(struct fl_intern_entry) + table->words * sizeof(uint64_t);
}

static uint32_t intern_find(
	const struct fl_intern *table, uint32_t from, uint32_t until, uint32_t head, const uint64_t *rest)
{
	while (from != until) {
		const struct fl_intern_entry *entry = fl_intern_at(table, from);
		unsigned i = 0;

		if (entry->head == head)
			while (i < table->words && entry->rest[i] == rest[i])
				i++;
		if (entry->head == head && i == table->words)
			return from;
		from = entry->next;
	}
	return 0;
}

static struct fl_intern_entry *intern_make(struct fl_intern *table, uint32_t number)
{
	struct fl_intern_entry **slot = &table->chunks[number >> INTERN_CHUNK_LOG2];
	struct fl_intern_entry *chunk = __atomic_load_n(slot, __ATOMIC_ACQUIRE), *none = NULL;
	size_t bytes = intern_stride(table) << INTERN_CHUNK_LOG2;
	void *fresh = NULL;

	if (chunk)
		return fl_intern_at(table, number);
	fresh = fl_pool_map(bytes);
	if (!fresh)
		return NULL;
	if (!__atomic_compare_exchange_n(slot, &none, fresh, false, __ATOMIC_ACQ_REL, __ATOMIC_ACQUIRE))
		fl_sys_unmap(fresh, bytes);
	return fl_intern_at(table, number);
}

static uint32_t intern_hash(const struct fl_intern *table, uint32_t head, const uint64_t *rest)
{
	uint64_t hash = head * 0x9e3779b97f4a7c15u;

	for (unsigned i = 0; i < table->words; i++) {
		hash = (hash ^ rest[i]) * 0xff51afd7ed558ccdu;
		hash ^= hash >> 32;
	}
	return (uint32_t)hash;
}

/* Buckets come in levels, each 16 times as large as the one below and in use once that has as many entries as
 * buckets: the few of most programs need few pages of memory, which cost more than their entries. */
static uint32_t intern_level_first(const struct fl_intern *table)
{
	return table->bucket_mask < BUCKETS_FIRST ? table->bucket_mask + 1 : BUCKETS_FIRST;
}

static uint32_t intern_level_next(const struct fl_intern *table, uint32_t buckets)
{
	return buckets <= table->bucket_mask >> 4 ? buckets << 4 : table->bucket_mask + 1;
}

static size_t intern_all_buckets(const struct fl_intern *table)
{
	uint32_t level = intern_level_first(table);
	size_t all = level;

	while (level <= table->bucket_mask) {
		level = intern_level_next(table, level);
		all += level;
	}
	return all;
}

/* Large ones are no variables of the library's: the room that objects take is counters' (coverage/delta.c).
 */
static uint32_t *intern_buckets(struct fl_intern *table)
{
	uint32_t *buckets = __atomic_load_n(&table->buckets, __ATOMIC_ACQUIRE), *none = NULL;
	size_t bytes;

	if (buckets)
		return buckets;
	bytes = intern_all_buckets(table) * sizeof(*buckets);
	buckets = fl_pool_map(bytes);
	if (buckets && !__atomic_compare_exchange_n(
			       &table->buckets, &none, buckets, false, __ATOMIC_ACQ_REL, __ATOMIC_ACQUIRE)) {
		fl_sys_unmap(buckets, bytes);
		buckets = none;
	}
	return buckets;
}

/* The number, and where it is not there (0) the bucket that it belongs into, with what was seen of that: in
 * the last level that is in use, which has the most. */
static uint32_t intern_look(const struct fl_intern *table, uint32_t head, const uint64_t *rest,
	uint32_t **bucket, uint32_t *first)
{
	uint32_t hash = intern_hash(table, head, rest),
		 used = __atomic_load_n(&table->used, __ATOMIC_RELAXED);
	uint32_t level = intern_level_first(table), count = 0, number, *in_level[LEVELS],
		 *at = table->buckets;

	for (;;) {
		in_level[count++] = &at[hash & (level - 1)];
		if (used < level || level > table->bucket_mask)
			break;
		at += level;
		level = intern_level_next(table, level);
	}
	*bucket = in_level[--count];
	*first = __atomic_load_n(*bucket, __ATOMIC_ACQUIRE);
	number = intern_find(table, *first, 0, head, rest);
	while (!number && count--)
		number =
			intern_find(table, __atomic_load_n(in_level[count], __ATOMIC_ACQUIRE), 0, head, rest);
	return number;
}

/* A number that turns out to be a double is lost, or, where a new level begins, is one: it takes two threads
 * that come to the same place at once. */
uint32_t fl_intern(struct fl_intern *table, uint32_t head, const uint64_t *rest)
{
	uint32_t *bucket, first, number, looked = 0;
	struct fl_intern_entry *entry;

	if (!intern_buckets(table))
		return 0;
	number = intern_look(table, head, rest, &bucket, &first);
	FL_CHECK(!number || fl_intern_at(table, number)->head == head);
	if (number)
		return number;
	if (__atomic_load_n(&table->used, __ATOMIC_RELAXED) >= table->limit - 1)
		return 0;
	number = __atomic_add_fetch(&table->used, 1, __ATOMIC_RELAXED);
	if (number >= table->limit)
		return 0;
	entry = intern_make(table, number);
	if (!entry)
		return 0;
	entry->head = head;
	for (unsigned i = 0; i < table->words; i++)
		entry->rest[i] = rest[i];
	do {
		uint32_t found = intern_find(table, first, looked, head, rest);
		if (found)
			return found;
		looked = first;
		entry->next = first;
	} while (!__atomic_compare_exchange_n(
		bucket, &first, number, false, __ATOMIC_ACQ_REL, __ATOMIC_ACQUIRE));
	return number;
}
