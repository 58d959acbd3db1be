/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * paths_found.c: see paths_found.h. Sums are untrusted: whatever they are, each round takes a cell out.
 */
#include "read/paths_found.h"

#include <furlong/format.h>
#include <stdlib.h>
#include <string.h>

#include "util/memory.h"

enum { COUNT, LOWER, UPPER, CHECK };
enum { PATHS_MAX = FURLONG_PATH_PARTS * FURLONG_PATH_CELLS };

static uint64_t hash_path(uint64_t path)
{
	uint64_t hash = path * FURLONG_PATH_FIRST;
	hash ^= hash >> 32;
	hash *= FURLONG_PATH_SECOND;
	return hash ^ hash >> 29;
}

static uint64_t *cell_of(uint64_t *sums, uint64_t hash, unsigned part)
{
	uint64_t cell = hash >> (FURLONG_PATH_PART_BITS * part) & (FURLONG_PATH_CELLS - 1);
	return &sums[(part * FURLONG_PATH_CELLS + cell) * FURLONG_PATH_CELL_COUNTERS];
}

/* Whether all that was added to a cell is one path. */
static bool is_one(const uint64_t *cell, uint64_t *path)
{
	uint64_t count = cell[COUNT];
	if (!count || cell[LOWER] % count || cell[UPPER] % count || cell[CHECK] % count)
		return false;
	uint64_t lower = cell[LOWER] / count, upper = cell[UPPER] / count;
	*path = upper << 32 | lower;
	return lower <= UINT32_MAX && upper <= UINT32_MAX &&
	       cell[CHECK] / count == (hash_path(*path) * FURLONG_PATH_FIRST) >> 32;
}

static bool take_out(uint64_t *sums, uint64_t path, uint64_t count)
{
	uint64_t hash = hash_path(path);
	uint64_t of_one[] = {1, path & UINT32_MAX, path >> 32, (hash * FURLONG_PATH_FIRST) >> 32};
	for (unsigned part = 0; part < FURLONG_PATH_PARTS; part++)
		if (cell_of(sums, hash, part)[COUNT] < count)
			return false; /* not in all its cells: a process was killed while it added */
	for (unsigned part = 0; part < FURLONG_PATH_PARTS; part++)
		for (unsigned i = 0; i < FURLONG_PATH_CELL_COUNTERS; i++)
			cell_of(sums, hash, part)[i] -= count * of_one[i];
	return true;
}

size_t fl_paths_find(
	const uint64_t *counters, struct fl_path_facts **paths, size_t *capacity, uint64_t *unfound)
{
	size_t found = 0;
	*unfound = 0;
	if (!counters)
		return 0;
	uint64_t *sums = fl_resize(NULL, FURLONG_PATH_COUNTERS, sizeof *sums);
	memcpy(sums, counters, FURLONG_PATH_COUNTERS * sizeof *sums);
	for (bool more = true; more;) {
		more = false;
		for (size_t i = 0; i < FURLONG_PATH_COUNTERS; i += FURLONG_PATH_CELL_COUNTERS) {
			uint64_t path, count = sums[i + COUNT];
			if (found == PATHS_MAX || !is_one(&sums[i], &path) || !take_out(sums, path, count))
				continue;
			*FL_PUSH(*paths, found, *capacity) = (struct fl_path_facts){path, count};
			more = true;
		}
	}
	for (size_t i = 0; i < FURLONG_PATH_COUNTERS / FURLONG_PATH_PARTS; i += FURLONG_PATH_CELL_COUNTERS)
		*unfound += sums[i + COUNT];
	free(sums);
	return found;
}
