/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * elements.c: what a loop accesses (abi.h, __furlong_race_read_elements), and which of it the thread went
 * through lately in its present epoch: inner loops come again and again.
 */
#include "race/elements.h"

#include "race/recent.h"
#include "race/run.h"
#include "race/slow.h"

#define WALKED_BYTES (sizeof(struct fl_race_walked) << FL_WALKED_LOG2)

void fl_walked_free(struct fl_race_thread *self)
{
	fl_pool_give(self->walked, WALKED_BYTES);
	self->walked = NULL;
}

static struct fl_race_walked *walked_entry(const struct fl_race_thread *self, uintptr_t begin, uint64_t count)
{
	uint64_t hash = (begin ^ count << 48) * 0x9e3779b97f4a7c15u;

	return &self->walked[hash >> (64 - FL_WALKED_LOG2)];
}

/* Stamps as in recent.h; of a write, it says the reads too. */
static bool walked_has(const struct fl_race_thread *self, const struct fl_race_walked *now)
{
	const struct fl_race_walked *entry;

	if (!self->walked)
		return false;
	entry = walked_entry(self, now->begin, now->count);
	return entry->begin == now->begin && entry->count == now->count && entry->shape == now->shape &&
	       entry->when >> 1 == now->when >> 1 && entry->when >= now->when;
}

static void walked_note(struct fl_race_thread *self, const struct fl_race_walked *now)
{
	if (!self->walked) {
		self->walked = fl_pool_take(WALKED_BYTES);
		for (unsigned i = 0; self->walked && i < 1u << FL_WALKED_LOG2; i++)
			self->walked[i] = (struct fl_race_walked){0};
	}
	if (self->walked)
		*walked_entry(self, now->begin, now->count) = *now;
}

/* A way through cells, in one chunk after the other. */
struct walk {
	struct fl_access access;
	struct fl_run run;
	uint64_t whole;                              /* the access to all bytes of a cell */
	const struct furlong_race_cell *begin, *end; /* of the part of a chunk that is entered; empty: none */
	bool owned;
};

static void walk_leave(struct walk *walk)
{
	if (walk->owned)
		fl_owner_leave(walk->access.self);
	walk->owned = false;
	walk->begin = walk->end = NULL;
}

static void walk_enter(struct walk *walk, const struct furlong_race_cell *cell)
{
	walk_leave(walk);
	walk->owned = fl_owner_enter(walk->access.self, cell);
	walk->end = fl_owner_end(cell);
	walk->begin = walk->end - ((size_t)1 << (FL_CHUNK_SHIFT - 3));
}

static void walk_to(struct walk *walk, uintptr_t at, uint8_t bytes)
{
	struct furlong_race_cell *cell = fl_shadow_cell((const volatile void *)at), seen;
	struct fl_run *run = &walk->run;
	bool done;

	if (cell < walk->begin || cell >= walk->end)
		walk_enter(walk, cell);
	walk->access.word = word_without(walk->whole, (uint8_t)~bytes);
	seen = fl_sys_cell_load(cell);
	if (seen.word[0] != run->seen.word[0] || seen.word[1] != run->seen.word[1] ||
		walk->access.word != run->word)
		fl_run_look(run, &walk->access, seen);
	if (run->way == FL_SHORT_SAME)
		return;
	done = run->way == FL_SHORT_CHANGE;
	if (done && walk->owned)
		fl_owner_set(cell, run->next);
	else if (done)
		done = fl_sys_cell_change(cell, seen, run->next);
	if (done) {
		walk->access.self->dirty = true;
		return;
	}
	walk_leave(walk);
	walk->access.address = at;
	fl_cell_access(cell, &walk->access);
	fl_run_init(run, false);
}

/* Cell by cell: elements of one cell are one access to it. */
static void walk_elements(struct walk *walk, uintptr_t begin, uint64_t count, uint32_t size, uint64_t stride)
{
	uintptr_t cell = begin & ~(uintptr_t)7;
	uint32_t bytes = 0;

	for (; count; count--, begin += stride) {
		uintptr_t at = begin;

		for (uint32_t left = size; left;) {
			uint32_t offset = at & 7, part = left < 8 - offset ? left : 8 - offset;

			if (at - offset != cell) {
				if (bytes)
					walk_to(walk, cell, (uint8_t)bytes);
				cell = at - offset;
				bytes = 0;
			}
			bytes |= ((1u << part) - 1) << offset;
			at += part;
			left -= part;
		}
	}
	walk_to(walk, cell, (uint8_t)bytes);
	walk_leave(walk);
}

static void access_elements(struct fl_race_thread *self, const struct fl_race_walked *what, bool write,
	uint32_t size, uint32_t context)
{
	uint64_t stride = what->shape >> FURLONG_RACE_STRIDE_SHIFT;
	struct walk walk;

	if (stride == size) {
		fl_access_range(self, what->begin, what->count * size, write, size, 0, context);
		return;
	}
	walk.access.self = self;
	walk.access.atomic = false;
	walk.access.origin = what->begin;
	walk.access.stride = stride;
	walk.whole = word_make(fl_epoch_make(self->slot, self->now), 0xff, !write, context);
	walk.begin = walk.end = NULL;
	walk.owned = false;
	fl_run_init(&walk.run, false);
	walk_elements(&walk, what->begin, what->count, size, stride);
}

void fl_race_slow_elements(const volatile void *address, uint64_t count, uint64_t shape, const void *caller,
	const void *pc, uint32_t spec)
{
	bool write = spec & FL_SPEC_WRITE;
	uint32_t size = shape & ((1u << FURLONG_RACE_STRIDE_SHIFT) - 1);
	struct fl_race_thread *self = count ? fl_access_enter() : NULL;
	struct fl_race_walked what;

	if (!self)
		return;
	self->counts[FL_COUNT_SLOW]++;
	what = (struct fl_race_walked){(uintptr_t)address, count, shape, fl_recent_stamp(self) << 1 | write};
	if (!walked_has(self, &what)) {
		access_elements(self, &what, write, size, fl_context_here(pc, caller, size, 0));
		walked_note(self, &what);
	}
	fl_access_leave();
}
