/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * alone.c: alone.h. The table is in pieces, one for each 64 KiB of memory that such a block began in.
 */
#include "race/alone.h"

#include "core/sys.h"
#include "race/cell.h"
#include "race/follow.h"

#define ALONE_PIECE_SHIFT 16
#define ALONE_UNIT_SHIFT  5
#define ALONE_PIECE_BYTES (sizeof(uint64_t) << (ALONE_PIECE_SHIFT - ALONE_UNIT_SHIFT))
#define ALONE_SLAB_BYTES  (64 * ALONE_PIECE_BYTES)
#define ALONE_HALF_SHIFT  FURLONG_RACE_CONTEXT_BITS
#define ALONE_SIZE_SHIFT  (ALONE_HALF_SHIFT + 1)

static uint64_t **alone_pieces; /* by address; NULL: no such block yet */
static struct {
	char *at, *end;
} alone_slab;
static uint32_t alone_owner;

static uint64_t **alone_piece(uintptr_t begin)
{
	return &alone_pieces[(begin & fl_shadow_mask) >> ALONE_PIECE_SHIFT];
}

/* The word that tells of a block which begins there; NULL: there is no piece. */
static uint64_t *alone_word(uintptr_t begin)
{
	uint64_t *piece = alone_pieces ? *alone_piece(begin) : NULL;
	const uintptr_t units = (uintptr_t)1 << (ALONE_PIECE_SHIFT - ALONE_UNIT_SHIFT);

	return piece ? &piece[begin >> ALONE_UNIT_SHIFT & (units - 1)] : NULL;
}

static uint64_t alone_half(uintptr_t begin)
{
	return (uint64_t)(begin >> (ALONE_UNIT_SHIFT - 1) & 1) << ALONE_HALF_SHIFT;
}

static bool alone_is(uint64_t word, uintptr_t begin)
{
	const uint64_t half = (uint64_t)1 << ALONE_HALF_SHIFT;

	return word && (word & half) == alone_half(begin) && begin % (1u << (ALONE_UNIT_SHIFT - 1)) == 0;
}

/* Zeros. NULL: none; the blocks are marked in cells, so that nothing is lost. */
static void *alone_map(size_t bytes)
{
	void *at = NULL;

	return fl_sys_map(&at, bytes, FL_SYS_MAP_ANYWHERE, -1, 0) ? NULL : at;
}

static bool alone_has_piece(uintptr_t begin)
{
	const size_t pieces = (size_t)1 << FL_SHADOW_BITS >> ALONE_PIECE_SHIFT;

	if (!alone_pieces) {
		alone_pieces = alone_map(pieces * sizeof(*alone_pieces));
		if (!alone_pieces)
			return false;
		fl_sys_sparse(alone_pieces, pieces * sizeof(*alone_pieces));
	}
	if (*alone_piece(begin))
		return true;
	if (alone_slab.at == alone_slab.end) {
		alone_slab.at = alone_map(ALONE_SLAB_BYTES);
		alone_slab.end = alone_slab.at ? alone_slab.at + ALONE_SLAB_BYTES : NULL;
		if (!alone_slab.at)
			return false;
	}
	*alone_piece(begin) = (uint64_t *)alone_slab.at;
	alone_slab.at += ALONE_PIECE_BYTES;
	return true;
}

bool fl_alone_mark(const struct fl_race_block *block)
{
	const uint64_t limit = ~(uint64_t)0 >> ALONE_SIZE_SHIFT;

	if (!fl_shadow_cells || !block->context || !alone_has_piece(block->begin))
		return false;
	alone_owner = block->owner;
	fl_block_is_as_large(block->size);
	*alone_word(block->begin) = (block->size < limit ? block->size : limit) << ALONE_SIZE_SHIFT |
				    alone_half(block->begin) | block->context;
	return true;
}

bool fl_alone_unmark(uintptr_t begin)
{
	uint64_t *word = alone_word(begin);

	if (!word || !alone_is(*word, begin))
		return false;
	__atomic_store_n(word, 0, __ATOMIC_RELAXED);
	return true;
}

bool fl_alone_at(uintptr_t begin, struct fl_race_block *block)
{
	const uint64_t *at = alone_word(begin), word = at ? __atomic_load_n(at, __ATOMIC_RELAXED) : 0;

	if (!alone_is(word, begin))
		return false;
	*block = (struct fl_race_block){
		begin, word >> ALONE_SIZE_SHIFT, (uint32_t)word & WORD_CONTEXT, alone_owner, false};
	return true;
}

bool fl_alone_was_near(uintptr_t address)
{
	return alone_word(address);
}

/* ---- contexts of the only thread, from memory ---------------------------------------------------------- */

#define ALONE_COUNT 256
static struct {
	const void *address;
	uint32_t parent, node;
} alone_nodes[ALONE_COUNT];
static struct {
	const void *pc, *caller;
	uint32_t node, held, context;
} alone_contexts[ALONE_COUNT];

static size_t alone_hash(const void *address, uint32_t node)
{
	return (((uintptr_t)address ^ (uint64_t)node << 32) * 0x9e3779b97f4a7c15u >> 32) % ALONE_COUNT;
}

uint32_t fl_alone_context(const void *pc, const void *caller)
{
	struct fl_race_thread *self = fl_race_self_thread;
	struct furlong_race_frame *top = __furlong_race_self.top;
	size_t at, frame = 0;
	bool two = fl_stack_is_near(top) && top[-1].return_address && top[-2].node;
	uint32_t context;

	if (two) {
		frame = alone_hash(top[-1].return_address, top[-2].node);
		if (!top[-1].node && alone_nodes[frame].address == top[-1].return_address &&
			alone_nodes[frame].parent == top[-2].node)
			top[-1].node = alone_nodes[frame].node;
		at = alone_hash(caller, top[-1].node);
		if (alone_contexts[at].caller == caller && alone_contexts[at].pc == pc &&
			alone_contexts[at].node == top[-1].node && alone_contexts[at].held == self->held &&
			top[-1].node)
			return alone_contexts[at].context;
	}
	context = fl_context_here(pc, caller, 0, 0);
	if (two && top[-1].node) {
		alone_nodes[frame].address = top[-1].return_address;
		alone_nodes[frame].parent = top[-2].node;
		alone_nodes[frame].node = top[-1].node;
		at = alone_hash(caller, top[-1].node);
		alone_contexts[at].pc = pc;
		alone_contexts[at].caller = caller;
		alone_contexts[at].node = top[-1].node;
		alone_contexts[at].held = self->held;
		alone_contexts[at].context = context;
	}
	return context;
}
