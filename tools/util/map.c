/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * map.c: open addressing with linear probing; grows at three quarters.
 */
#include "util/map.h"

#include <stdlib.h>
#include <string.h>

#include "util/memory.h"

uint64_t fl_hash(const void *bytes, size_t length)
{
	const unsigned char *p = bytes;
	uint64_t hash = 0x9e3779b97f4a7c15u ^ length;
	while (length >= 8) {
		uint64_t word;
		memcpy(&word, p, 8);
		hash = (hash ^ word) * 0xff51afd7ed558ccdu;
		hash ^= hash >> 32;
		p += 8;
		length -= 8;
	}
	while (length--)
		hash = (hash ^ *p++) * 0x100000001b3u;
	hash ^= hash >> 29;
	hash *= 0xc4ceb9fe1a85ec53u;
	return hash ^ hash >> 32;
}

void fl_map_init(struct fl_map *map, struct fl_arena *arena)
{
	*map = (struct fl_map){.arena = arena};
}

void fl_map_free(struct fl_map *map)
{
	free(map->entries);
	map->entries = NULL;
	map->count = map->capacity = 0;
}

static struct fl_map_entry *find_slot(const struct fl_map *map, const void *key, size_t length, uint64_t hash)
{
	for (size_t i = hash & (map->capacity - 1);; i = (i + 1) & (map->capacity - 1)) {
		struct fl_map_entry *entry = &map->entries[i];
		if (!entry->key)
			return entry;
		if (entry->hash == hash && entry->length == length && !memcmp(entry->key, key, length))
			return entry;
	}
}

static void grow(struct fl_map *map)
{
	struct fl_map old = *map;
	map->capacity = old.capacity ? old.capacity * 2 : 64;
	map->entries = fl_alloc(map->capacity * sizeof *map->entries);
	for (size_t i = 0; i < old.capacity; i++) {
		const struct fl_map_entry *entry = &old.entries[i];
		if (entry->key)
			*find_slot(map, entry->key, entry->length, entry->hash) = *entry;
	}
	free(old.entries);
}

struct fl_map_entry *fl_map_put(struct fl_map *map, const void *key, size_t length)
{
	if (map->count >= map->capacity / 4 * 3)
		grow(map);
	uint64_t hash = fl_hash(key, length);
	struct fl_map_entry *entry = find_slot(map, key, length, hash);
	if (!entry->key) {
		entry->key = fl_arena_bytes(map->arena, key, length);
		entry->length = length;
		entry->hash = hash;
		entry->value = SIZE_MAX;
		map->count++;
	}
	return entry;
}

const struct fl_map_entry *fl_map_get(const struct fl_map *map, const void *key, size_t length)
{
	if (!map->capacity)
		return NULL;
	const struct fl_map_entry *entry = find_slot(map, key, length, fl_hash(key, length));
	return entry->key ? entry : NULL;
}

const char *fl_map_intern(struct fl_map *map, const char *bytes, size_t length)
{
	return fl_map_put(map, bytes, length)->key;
}
