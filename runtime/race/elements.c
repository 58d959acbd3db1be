/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * elements.c: what a loop accesses (abi.h, __furlong_race_read_elements), and which of it the thread went
 * through lately in its present epoch: inner loops come again and again.
 */
#include "race/elements.h"

#include "race/recent.h"
#include "race/run.h"
#include "race/slow.h"

void fl_walked_free(struct fl_race_thread *self)
{
	fl_lately_free(&self->walked, sizeof(struct fl_race_walked));
}

static struct fl_race_walked *walked_entry(const struct fl_race_thread *self, uintptr_t begin, uint64_t count)
{
	uint64_t hash = (begin ^ count << 48) * 0x9e3779b97f4a7c15u;

	return (struct fl_race_walked *)self->walked.at + (hash >> 40 & self->walked.mask);
}

/* Stamps as in recent.h; of a write, it says the reads too. */
static inline __attribute__((always_inline)) bool walked_has(
	const struct fl_race_thread *self, const struct fl_race_walked *now)
{
	const struct fl_race_walked *entry;

	if (!self->walked.at)
		return false;
	entry = walked_entry(self, now->begin, now->count);
	return entry->begin == now->begin && entry->count == now->count && entry->shape == now->shape &&
	       entry->when - now->when <= (~now->when & 1);
}

/* As many columns of a matrix as there are make room for each other: a larger table is called for. */
static void walked_note(struct fl_race_thread *self, const struct fl_race_walked *now)
{
	const struct fl_race_walked *entry;

	if (!self->walked.at && fl_race_savings.walks)
		fl_lately_make(&self->walked, FL_WALKED_FEWEST, sizeof(*now));
	if (!self->walked.at)
		return;
	entry = walked_entry(self, now->begin, now->count);
	if (entry->when >> 1 == now->when >> 1 && entry->begin != now->begin)
		fl_lately_lose(&self->walked, 2, FL_WALKED_MOST, sizeof(*now));
	if (self->walked.at)
		*walked_entry(self, now->begin, now->count) = *now;
}

static inline __attribute__((always_inline)) bool walked(
	uintptr_t address, uint64_t count, uint64_t shape, bool write)
{
	const struct fl_race_thread *self = fl_race_self_thread;

	return self && walked_has(self, &(struct fl_race_walked){
						address, count, shape, fl_recent_stamp(self) << 1 | write});
}

FL_SYS_SAVES_ALL bool fl_walked_read(uintptr_t address, uint64_t count, uint64_t shape)
{
	return walked(address, count, shape, false);
}

FL_SYS_SAVES_ALL bool fl_walked_written(uintptr_t address, uint64_t count, uint64_t shape)
{
	return walked(address, count, shape, true);
}

#define WALK_DENSE 2048 /* bytes from one element to the next: each page of cells is touched */

/* Stretches that were gone through whole, a piece behind the other: a loop that is told of in pieces has
 * others the next time. */
static bool stretch_has(struct fl_race_thread *self, uintptr_t begin, uintptr_t end, uint64_t when)
{
	for (int i = 0; i < FL_STRETCHES; i++) {
		const struct fl_race_stretch *stretch = &self->stretches[i];

		if (stretch->begin <= begin && end <= stretch->end && stretch->when >> 1 == when >> 1 &&
			stretch->when >= when)
			return true;
	}
	return false;
}

/* Of a few bytes only what goes on with a stretch: the rest of it comes by longer ones. */
static void stretch_note(
	struct fl_race_thread *self, uintptr_t begin, uintptr_t end, uint64_t when, bool is_short)
{
	for (int i = 0; i < FL_STRETCHES; i++) {
		struct fl_race_stretch *stretch = &self->stretches[i];

		if (stretch->when == when && stretch->begin <= begin && begin <= stretch->end &&
			stretch->end < end) {
			stretch->end = end;
			return;
		}
	}
	if (!is_short)
		self->stretches[self->next_stretch++ % FL_STRETCHES] =
			(struct fl_race_stretch){begin, end, when};
}

/* A way through cells, in one chunk after the other. */
struct walk {
	struct fl_access access;
	struct fl_run run;
	uint64_t whole;                              /* the access to all bytes of a cell */
	const struct furlong_race_cell *begin, *end; /* of the part of a chunk that is entered; empty: none */
	enum fl_owner_way whose;
};

static void walk_leave(struct walk *walk)
{
	fl_owner_leave(walk->access.self);
	walk->begin = walk->end = NULL;
}

static void walk_enter(struct walk *walk, const struct furlong_race_cell *cell)
{
	walk_leave(walk);
	walk->whose = fl_owner_enter(walk->access.self, cell, true);
	walk->end = fl_owner_end(cell);
	walk->begin = walk->end - ((size_t)1 << (FL_CHUNK_SHIFT - 3));
}

/* `count` cells of which the same bytes are touched, one every `step`. */
static void walk_along(struct walk *walk, uintptr_t at, uint8_t bytes, uint64_t count, uint64_t step)
{
	walk->access.word = word_without(walk->whole, (uint8_t)~bytes);
	while (count) {
		struct furlong_race_cell *cell = fl_shadow_cell((const volatile void *)at);
		uint64_t here = count, done;

		if (cell < walk->begin || cell >= walk->end)
			walk_enter(walk, cell);
		if (count > 1 && here > ((uint64_t)(walk->end - cell) + step - 1) / step)
			here = ((uint64_t)(walk->end - cell) + step - 1) / step;
		done = fl_run_along(&walk->run, &walk->access, cell, here, step, walk->whose);
		at += done * step * 8;
		count -= done;
		if (done == here)
			continue;
		walk_leave(walk);
		fl_run_settle(&walk->run);
		walk->access.address = at;
		fl_cell_access(cell + done * step, &walk->access);
		fl_run_init(&walk->run, false);
		at += step * 8;
		count--;
	}
}

/* Each element in one cell, and the same bytes of each. */
static void walk_apart(struct walk *walk, uintptr_t at, uint64_t count, uint32_t size, uint64_t stride)
{
	walk_along(walk, at & ~(uintptr_t)7, (uint8_t)(((1u << size) - 1) << (at & 7)), count, stride / 8);
}

/* Elements less than a cell apart: which bytes of a cell are theirs depends on where the first one begins
 * that begins in it. What is not in [begin, end) is left out. */
static void walk_close(struct walk *walk, uintptr_t begin, uintptr_t end, uint32_t size, uint32_t stride)
{
	uint32_t bytes[8] = {0}, next[8], phase = (uint32_t)(begin & 7) % stride;

	for (uint32_t first = 0; first < stride; first++) {
		int at = (int)first - (int)stride;

		for (; at < 8; at += (int)stride)
			bytes[first] |= at < 0 ? ((1u << size) - 1) >> -at : ((1u << size) - 1) << at;
		next[first] = (uint32_t)at - 8;
	}
	for (uintptr_t cell = begin & ~(uintptr_t)7; cell < end; cell += 8, phase = next[phase]) {
		uint32_t here = bytes[phase];

		if (cell < begin)
			here &= 0xffu << (begin - cell);
		if (end - cell < 8)
			here &= (1u << (end - cell)) - 1;
		if (here & 0xff)
			walk_along(walk, cell, (uint8_t)here, 1, 1);
	}
}

/* Cell by cell: elements of one cell are one access to it. */
static void walk_together(struct walk *walk, uintptr_t begin, uint64_t count, uint32_t size, uint64_t stride)
{
	uintptr_t cell = begin & ~(uintptr_t)7;
	uint32_t bytes = 0;

	for (; count; count--, begin += stride) {
		uintptr_t at = begin;

		for (uint32_t left = size; left;) {
			uint32_t offset = at & 7, part = left < 8 - offset ? left : 8 - offset;

			if (at - offset != cell) {
				if (bytes)
					walk_along(walk, cell, (uint8_t)bytes, 1, 1);
				cell = at - offset;
				bytes = 0;
			}
			bytes |= ((1u << part) - 1) << offset;
			at += part;
			left -= part;
		}
	}
	walk_along(walk, cell, (uint8_t)bytes, 1, 1);
}

static void walk_elements(struct fl_race_thread *self, uintptr_t at, uint64_t count, uint64_t stride,
	uint32_t size, uint64_t whole)
{
	struct walk walk = {.whole = whole};

	walk.access.self = self;
	walk.access.atomic = false;
	walk.access.origin = at;
	walk.access.stride = stride;
	fl_run_init(&walk.run, false);
	if (stride < WALK_DENSE)
		fl_run_ahead(fl_shadow_cell((const volatile void *)at), count * stride / 8);
	if (stride % 8 == 0 && (at & 7) + size <= 8)
		walk_apart(&walk, at, count, size, stride);
	else if (stride < 8)
		walk_close(&walk, at, at + (count - 1) * stride + size, size, (uint32_t)stride);
	else
		walk_together(&walk, at, count, size, stride);
	walk_leave(&walk);
	fl_run_settle(&walk.run);
}

/* Elements without bytes between them. */
static void access_stretch(struct fl_race_thread *self, const struct fl_race_walked *what, uintptr_t begin,
	uintptr_t end, uint64_t stride, const void *pc, const void *caller)
{
	uint32_t size = what->shape & ((1u << FURLONG_RACE_STRIDE_SHIFT) - 1);
	bool write = what->when & 1, is_short = end - begin <= FL_SHORT;

	if (walked_has(self, what) || stretch_has(self, begin, end, what->when))
		return;
	if (is_short && fl_range_is_said(self, begin, end - begin, write)) {
		walked_note(self, what);
	} else {
		fl_access_range(
			self, begin, end - begin, write, stride, 0, fl_context_here(pc, caller, size, 0));
		if (!is_short)
			walked_note(self, what);
	}
	stretch_note(self, begin, end, what->when, is_short);
}

static void access_elements(
	struct fl_race_thread *self, const struct fl_race_walked *what, const void *pc, const void *caller)
{
	int64_t step = (int64_t)what->shape >> FURLONG_RACE_STRIDE_SHIFT;
	uint64_t stride = step < 0 ? -(uint64_t)step : (uint64_t)step;
	uint32_t size = what->shape & ((1u << FURLONG_RACE_STRIDE_SHIFT) - 1);
	uintptr_t at = what->begin - (step < 0 ? stride * (what->count - 1) : 0);

	if (stride <= size) {
		access_stretch(self, what, at, at + stride * (what->count - 1) + size, stride, pc, caller);
		return;
	}
	if (walked_has(self, what))
		return;
	walk_elements(self, at, what->count, stride, size,
		word_make(fl_epoch_make(self->slot, self->now), 0xff, !(what->when & 1),
			fl_context_here(pc, caller, size, 0)));
	walked_note(self, what);
}

void fl_race_slow_elements(const volatile void *address, uint64_t count, uint64_t shape, const void *caller,
	const void *pc, uint32_t spec)
{
	struct fl_race_thread *self = count ? fl_access_enter() : NULL;
	struct fl_race_walked what;

	if (!self)
		return;
	self->counts[FL_COUNT_SLOW]++;
	what = (struct fl_race_walked){
		(uintptr_t)address, count, shape, fl_recent_stamp(self) << 1 | !!(spec & FL_SPEC_WRITE)};
	access_elements(self, &what, pc, caller);
	fl_access_leave();
}
