/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * arena.c: arena.h, by mmap.
 */
#include "core/arena.h"

#include "core/sys.h"

#define ARENA_BLOCK_BYTES ((size_t)64 << 10)
#define ARENA_ALIGN       16

/* Enough for most programs: no system call at their start, and no memory until it is used. */
static char arena_first[4 * ARENA_BLOCK_BYTES] __attribute__((aligned(ARENA_ALIGN)));
static char *arena_at = arena_first, *arena_end = arena_first + sizeof(arena_first);

void *fl_arena_take(size_t size)
{
	void *block = NULL;

	size = (size + ARENA_ALIGN - 1) & ~(size_t)(ARENA_ALIGN - 1);
	if (size > ARENA_BLOCK_BYTES / 2)
		return fl_sys_map(&block, size, FL_SYS_MAP_ANYWHERE, -1, 0) ? NULL : block;
	if ((size_t)(arena_end - arena_at) < size) {
		if (fl_sys_map(&block, ARENA_BLOCK_BYTES, FL_SYS_MAP_ANYWHERE, -1, 0))
			return NULL;
		arena_at = block;
		arena_end = arena_at + ARENA_BLOCK_BYTES;
	}
	block = arena_at;
	arena_at += size;
	return block;
}

static unsigned chunk_of(uint32_t index)
{
	return 31u - (unsigned)__builtin_clz((index >> FL_TABLE_FIRST_LOG2) + 1);
}

void *fl_table_make(struct fl_table *table, uint32_t index)
{
	unsigned chunk = chunk_of(index);

	if (index >= FL_TABLE_LIMIT)
		return NULL;
	if (!table->chunks[chunk])
		table->chunks[chunk] = fl_arena_take(table->element_bytes << (FL_TABLE_FIRST_LOG2 + chunk));
	return fl_table_at(table, index);
}

void *fl_table_at(const struct fl_table *table, uint32_t index)
{
	unsigned chunk = chunk_of(index);
	size_t first = ((1u << chunk) - 1) << FL_TABLE_FIRST_LOG2;

	if (index >= FL_TABLE_LIMIT || !table->chunks[chunk])
		return NULL;
	return table->chunks[chunk] + (index - first) * table->element_bytes;
}
