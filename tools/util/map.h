/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * map.h: a hash map from byte strings to numbers, and interned strings on top of it.
 *
 * Keys are copied into the map's arena; nothing is ever removed. One thread at a time.
 */
#ifndef FURLONG_UTIL_MAP_H
#define FURLONG_UTIL_MAP_H

#include <stddef.h>
#include <stdint.h>

struct fl_arena;

struct fl_map_entry {
	const char *key; /* NUL-terminated for convenience; may hold NULs */
	size_t length;
	uint64_t hash;
	size_t value;
};

struct fl_map {
	struct fl_arena *arena; /* borrowed; where keys go */
	struct fl_map_entry *entries;
	size_t count, capacity; /* capacity: a power of two, or 0 */
};

uint64_t fl_hash(const void *bytes, size_t length);

void fl_map_init(struct fl_map *map, struct fl_arena *arena);
void fl_map_free(struct fl_map *map);
/* The entry of `key`, made with value SIZE_MAX when it was not there. Valid until the next call. */
struct fl_map_entry *fl_map_put(struct fl_map *map, const void *key, size_t length);
/* The entry of `key`, or NULL. */
const struct fl_map_entry *fl_map_get(const struct fl_map *map, const void *key, size_t length);
/* The one copy of these bytes. */
const char *fl_map_intern(struct fl_map *map, const char *bytes, size_t length);

#endif
