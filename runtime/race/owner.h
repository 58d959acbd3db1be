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
 *   shared     everybody, locked              readers', where threads read it again and again in new epochs
 *   readers'   everybody, locked; but each    shared again, when anybody needs to change another's read
 *              renews its own reads by
 *              plain stores
 *
 * A thread says in which chunk it is (in_chunk) and then looks what it may do there, without a fence between
 * the two. Who changes that says so in the chunk, lets the kernel put a fence into every thread (membarrier),
 * and waits until those who were at it have left: as in biased locks (Russell and Detlefs, OOPSLA 2006). A
 * stay is a few instructions, or one range's part of the chunk; nobody blocks or leaves the runtime in it,
 * and handlers of signals wait until it is over.
 */
#ifndef FL_RACE_OWNER_H
#define FL_RACE_OWNER_H

#include "race/race.h"
#include "race/sys_cell.h"

#define FL_CHUNK_SHIFT  16 /* log2 of the program's bytes */
#define FL_CHUNK_SHARED 0xffffu
#define FL_CHUNK_READ   0xfffeu /* the readers' */
#define FL_CHUNK_BUSY   ((uint32_t)1 << 31)
#define FL_CHUNK_OWNER  (FL_CHUNK_BUSY | 0xffffu) /* bits 16..30: how often it was taken away */

/* Renewed reads of a thread after which it asks for the chunk to be the readers'. */
#define FL_OWNER_PATIENCE 1024

enum fl_owner_way {
	FL_OWNER_NOBODY,
	FL_OWNER_MINE, /* until fl_owner_leave nobody else changes cells of the chunk */
	FL_OWNER_ALL,  /* everybody may, by compare-and-exchange */
	FL_OWNER_READ, /* so may everybody, but that nobody else touches words that are reads: their threads
			  store renewed ones */
};

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
/* Everybody's for good, for threads that the runtime does not know. */
void fl_owner_share(uint32_t *chunk);
/* From everybody's to the readers', unless that did not pay. */
void fl_owner_let_read(struct fl_race_thread *self, uint32_t *chunk);
static inline void fl_owner_leave(struct fl_race_thread *self)
{
	__atomic_store_n(&self->in_chunk, NULL, __ATOMIC_RELEASE);
}

/* What the thread may do with cells of the chunk until it leaves, or FL_OWNER_NOBODY, and then it has left.
 * `keeps`: it leaves others' reads alone. */
static inline __attribute__((always_inline)) enum fl_owner_way fl_owner_try(
	struct fl_race_thread *self, uint32_t *chunk, bool keeps)
{
	uint32_t owner;

	__atomic_store_n(&self->in_chunk, chunk, __ATOMIC_RELAXED);
	__atomic_signal_fence(__ATOMIC_SEQ_CST); /* for the others: see owner.c, wait_for_all */
	owner = __atomic_load_n(chunk, __ATOMIC_ACQUIRE) & FL_CHUNK_OWNER;
	if (__builtin_expect(owner == self->owner, 1))
		return FL_OWNER_MINE;
	if (owner == FL_CHUNK_SHARED)
		return FL_OWNER_ALL;
	if (owner == FL_CHUNK_READ && keeps)
		return FL_OWNER_READ;
	fl_owner_leave(self);
	return FL_OWNER_NOBODY;
}

static inline enum fl_owner_way fl_owner_enter(
	struct fl_race_thread *self, const struct furlong_race_cell *cell, bool keeps)
{
	uint32_t *chunk = fl_owner_chunk(cell);
	enum fl_owner_way way;

	while (!(way = fl_owner_try(self, chunk, keeps)))
		fl_owner_claim(self, chunk);
	return way;
}

/* The next one asks for the chunk. */
static inline bool fl_owner_is_due(const struct fl_race_thread *self)
{
	return self->renewed % FL_OWNER_PATIENCE == FL_OWNER_PATIENCE - 1;
}

/* So many more reads were renewed in a chunk that is everybody's. */
static inline void fl_owner_renewed(
	struct fl_race_thread *self, const struct furlong_race_cell *cell, uint64_t count)
{
	uint64_t before = self->renewed / FL_OWNER_PATIENCE;

	self->renewed += count;
	if (self->renewed / FL_OWNER_PATIENCE != before)
		fl_owner_let_read(self, fl_owner_chunk(cell));
}

/* By the owner of the chunk. */
static inline void fl_owner_set(struct furlong_race_cell *cell, struct furlong_race_cell new)
{
	__atomic_store_n(&cell->word[0], new.word[0], __ATOMIC_RELAXED);
	__atomic_store_n(&cell->word[1], new.word[1], __ATOMIC_RELAXED);
}

#endif
