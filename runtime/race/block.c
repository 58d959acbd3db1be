/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * block.c: marks of heap blocks, in the cell in front of the block, where the allocator's header is. Those
 * from before the first thread are elsewhere (alone.h).
 *
 *   word 0    63..52 FL_SLOT_BLOCK   24 freed   22..0 allocation context
 *   word 1    63..40 owner           39..0 size
 */
#include "race/alone.h"
#include "race/page.h"

#define BLOCK_FREED     ((uint64_t)1 << 24)
#define BLOCK_SIZE_BITS 40

/* No search goes further down than this. */
static size_t block_largest;

void fl_block_is_as_large(size_t size)
{
	if (size > __atomic_load_n(&block_largest, __ATOMIC_RELAXED))
		__atomic_store_n(&block_largest, size, __ATOMIC_RELAXED);
}

void fl_block_mark(const struct fl_race_block *block)
{
	struct furlong_race_cell *cell, seen, mark;
	const uint64_t limit = ((uint64_t)1 << BLOCK_SIZE_BITS) - 1;

	if (!fl_shadow_cells)
		return;
	cell = fl_cell_open((const void *)(block->begin - 8));
	mark.word[0] = WORD_SPECIAL | (block->freed ? BLOCK_FREED : 0) | block->context;
	mark.word[1] =
		(uint64_t)block->owner << BLOCK_SIZE_BITS | (block->size < limit ? block->size : limit);
	fl_block_is_as_large(block->size);
	fl_shadow_note(cell);
	seen = fl_sys_cell_load(cell);
	/* Nobody else writes to an allocator's header but the allocator, under order of its own. */
	if (!(seen.word[0] | seen.word[1]) || fl_cell_is(seen, FL_SLOT_BLOCK)) {
		__atomic_store_n(&cell->word[1], mark.word[1], __ATOMIC_RELAXED);
		__atomic_store_n(&cell->word[0], mark.word[0], __ATOMIC_RELEASE);
		return;
	}
	do {
		seen = fl_sys_cell_load(cell);
		if (fl_cell_is(seen, FL_SLOT_STATE) || fl_cell_is(seen, FL_SLOT_LOCATION)) {
			fl_cell_forget(cell, 0xff);
			seen = fl_sys_cell_load(cell);
		}
	} while (!fl_cell_change(cell, seen, mark));
}

static bool block_in(uintptr_t at, struct fl_race_block *block)
{
	struct furlong_race_cell seen = fl_sys_cell_load(fl_shadow_cell((const void *)at));

	if (!fl_cell_is(seen, FL_SLOT_BLOCK))
		return fl_alone_at(at + 8, block);
	*block = (struct fl_race_block){at + 8, seen.word[1] & (((uint64_t)1 << BLOCK_SIZE_BITS) - 1),
		word_context(seen.word[0]), (uint32_t)(seen.word[1] >> BLOCK_SIZE_BITS),
		seen.word[0] & BLOCK_FREED};
	return true;
}

bool fl_block_at(uintptr_t begin, struct fl_race_block *block)
{
	return fl_shadow_cells && block_in(begin - 8, block);
}

/* Down from the address; stretches where nothing but plain members ever was are stepped over. */
bool fl_block_find(uintptr_t address, struct fl_race_block *block)
{
	if (!fl_shadow_cells)
		return false;
	for (uintptr_t at = (address & ~(uintptr_t)7) - 8;
		at > 0x1000 && at < address &&
		address - at <= __atomic_load_n(&block_largest, __ATOMIC_RELAXED) + 16;) {
		if (!fl_shadow_notes[(at & fl_shadow_mask) >> 16] && !fl_alone_was_near(at) &&
			!fl_alone_was_near(at + 8)) {
			at = (at & ~(uintptr_t)0xffff) - 8;
			continue;
		}
		if (block_in(at, block))
			return address - block->begin < block->size;
		at -= 8;
	}
	return false;
}
