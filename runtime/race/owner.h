/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * owner.h: who may change cells without a locked instruction.
 *
 * Memory is divided into chunks. A chunk belongs to nobody, to one thread, or to all. Its owner changes its
 * cells by plain loads and stores; where it belongs to all, cells change by compare-and-exchange.
 *
 *   chunk      who changes cells              becomes
 *   0          nobody                         the first one's that comes
 *   owner      that thread                    another's when he comes (some times), then all's
 *   busy       nobody: it is being taken      what the taker says
 *   shared     everybody, locked              nothing else
 *
 * The owner says in which chunk it is (in_chunk) and then looks whether the chunk is still its own, without a
 * fence between the two. Who takes a chunk away says so in the chunk, lets the kernel put a fence into every
 * thread (membarrier), and waits until the owner has left: as in biased locks (Russell and Detlefs, OOPSLA
 * 2006). A stay is a few instructions, or one range's part of the chunk; nobody blocks or leaves the runtime
 * in it, and handlers of signals wait until it is over.
 */
#ifndef FL_RACE_OWNER_H
#define FL_RACE_OWNER_H

#include "race/race.h"
#include "race/sys_cell.h"

#define FL_CHUNK_SHIFT  16 /* log2 of the program's bytes */
#define FL_CHUNK_SHARED 0xffffu
#define FL_CHUNK_BUSY   ((uint32_t)1 << 31)
#define FL_CHUNK_OWNER  (FL_CHUNK_BUSY | 0xffffu) /* bits 16..30: how often it was taken away */

extern uint32_t *fl_owner_chunks;

int fl_owner_init(uint64_t bytes); /* that much of the program's memory; 0, or -errno */
/* Gives the thread a number to own by; 0 where there can be no owners. Numbers are used again, and chunks go
 * with them. */
void fl_owner_born(struct fl_race_thread *thread);
void fl_owner_gone(struct fl_race_thread *thread);
void fl_owner_fork_child(struct fl_race_thread *self);

static inline uint32_t *fl_owner_chunk(const struct furlong_race_cell *cell)
{
	return &fl_owner_chunks[((uintptr_t)cell - (uintptr_t)fl_shadow_cells) >> (FL_CHUNK_SHIFT + 1)];
}
/* The first cell behind the chunk. */
static inline struct furlong_race_cell *fl_owner_end(const struct furlong_race_cell *cell)
{
	uintptr_t bytes = (uintptr_t)2 << FL_CHUNK_SHIFT, base = (uintptr_t)fl_shadow_cells;

	return (struct furlong_race_cell *)(base + (((uintptr_t)cell - base) / bytes + 1) * bytes);
}

/* Makes the chunk the thread's, or everybody's. May have to be asked again. */
void fl_owner_claim(struct fl_race_thread *self, uint32_t *chunk);
/* Everybody's, for threads that the runtime does not know. */
void fl_owner_share(uint32_t *chunk);

static inline void fl_owner_leave(struct fl_race_thread *self)
{
	__atomic_store_n(&self->in_chunk, NULL, __ATOMIC_RELEASE);
}

/* True: until fl_owner_leave nobody else changes cells of the chunk. False: everybody may. */
static inline bool fl_owner_enter(struct fl_race_thread *self, const struct furlong_race_cell *cell)
{
	uint32_t *chunk = fl_owner_chunk(cell), owner;

	for (;;) {
		__atomic_store_n(&self->in_chunk, chunk, __ATOMIC_RELAXED);
		__atomic_signal_fence(__ATOMIC_SEQ_CST); /* for the others: see fl_owner_claim */
		owner = __atomic_load_n(chunk, __ATOMIC_ACQUIRE) & FL_CHUNK_OWNER;
		if (__builtin_expect(owner == self->owner, 1))
			return true;
		fl_owner_leave(self);
		if (owner == FL_CHUNK_SHARED)
			return false;
		fl_owner_claim(self, chunk);
	}
}

/* By the owner of the chunk. */
static inline void fl_owner_set(struct furlong_race_cell *cell, struct furlong_race_cell new)
{
	__atomic_store_n(&cell->word[0], new.word[0], __ATOMIC_RELAXED);
	__atomic_store_n(&cell->word[1], new.word[1], __ATOMIC_RELAXED);
}

/* For good. */
static inline bool fl_owner_is_all(const struct furlong_race_cell *cell)
{
	return (__atomic_load_n(fl_owner_chunk(cell), __ATOMIC_RELAXED) & FL_CHUNK_OWNER) == FL_CHUNK_SHARED;
}

/* A cell that belongs to all; only one word of it where that is enough (fl_word_renewed). */
static inline bool fl_word_change(struct furlong_race_cell *cell, int which, struct furlong_race_cell seen,
	struct furlong_race_cell new)
{
	if (which < 0)
		return fl_sys_cell_change(cell, seen, new);
	return __atomic_compare_exchange_n(&cell->word[which], &seen.word[which], new.word[which], false,
		__ATOMIC_ACQ_REL, __ATOMIC_RELAXED);
}

/* What a cell is changed by everywhere: `new` if it is `seen` still. */
static inline bool fl_cell_change(
	struct furlong_race_cell *cell, struct furlong_race_cell seen, struct furlong_race_cell new)
{
	struct fl_race_thread *self = fl_race_self_thread;
	bool same;

	if (__builtin_expect(!self, 0)) {
		fl_owner_share(fl_owner_chunk(cell));
	} else if (fl_owner_enter(self, cell)) {
		same = cell->word[0] == seen.word[0] && cell->word[1] == seen.word[1];
		if (same)
			fl_owner_set(cell, new);
		fl_owner_leave(self);
		return same;
	}
	return fl_sys_cell_change(cell, seen, new);
}

#endif
