/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * table.c: a hash table from strings to counts; open addressing, at most three quarters full. Not for use by
 * two threads at once: each has its own, and they are merged. */
#include "tally.h"

#include <stdlib.h>
#include <string.h>

static uint64_t hash(struct span key)
{
	uint64_t h = 14695981039346656037u;

	for (size_t i = 0; i < key.length; i++)
		h = (h ^ (unsigned char)key.text[i]) * 1099511628211u;
	return h;
}

static struct span whole(const char *key)
{
	return (struct span){key, strlen(key)};
}

/* Where the key is, or the free place where it belongs. The capacity is a power of two. */
static struct entry *find(const struct table *table, struct span key)
{
	size_t at = hash(key) & (table->capacity - 1);

	for (;;) {
		struct entry *entry = &table->entries[at];

		if (!entry->key ||
			(strlen(entry->key) == key.length && memcmp(entry->key, key.text, key.length) == 0))
			return entry;
		at = (at + 1) & (table->capacity - 1);
	}
}

static bool grow(struct table *table)
{
	struct table larger = {.capacity = table->capacity ? 2 * table->capacity : 64, .used = table->used};

	larger.entries = calloc(larger.capacity, sizeof(*larger.entries));
	if (!larger.entries)
		return false;
	for (size_t i = 0; i < table->capacity; i++)
		if (table->entries[i].key)
			*find(&larger, whole(table->entries[i].key)) = table->entries[i];
	free(table->entries);
	*table = larger;
	return true;
}

bool table_add(struct table *table, struct span key, uint64_t count)
{
	struct entry *entry;

	if (4 * (table->used + 1) > 3 * table->capacity && !grow(table))
		return false;
	entry = find(table, key);
	if (!entry->key) {
		entry->key = strndup(key.text, key.length);
		if (!entry->key)
			return false;
		table->used++;
	}
	entry->count += count;
	return true;
}

uint64_t table_count(const struct table *table, const char *key)
{
	return table->capacity ? find(table, whole(key))->count : 0;
}

bool table_merge(struct table *into, const struct table *from)
{
	for (size_t i = 0; i < from->capacity; i++) {
		const struct entry *entry = &from->entries[i];

		if (entry->key && !table_add(into, whole(entry->key), entry->count))
			return false;
	}
	return true;
}

static bool before(const struct entry *a, const struct entry *b)
{
	return a->count > b->count || (a->count == b->count && strcmp(a->key, b->key) < 0);
}

size_t table_top(const struct table *table, struct entry *top, size_t wanted)
{
	size_t had = 0;

	for (size_t i = 0; i < table->capacity; i++) {
		const struct entry *entry = &table->entries[i];
		size_t at = had;

		if (!entry->key)
			continue;
		while (at > 0 && before(entry, &top[at - 1])) {
			if (at < wanted)
				top[at] = top[at - 1];
			at--;
		}
		if (at < wanted) {
			top[at] = *entry;
			had += had < wanted;
		}
	}
	return had;
}

void table_free(struct table *table)
{
	for (size_t i = 0; i < table->capacity; i++)
		free(table->entries[i].key);
	free(table->entries);
	*table = (struct table){0};
}
