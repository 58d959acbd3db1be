/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * range.c: accesses of any size, volatile ones, and those of pointers to virtual functions.
 */
#include "race/cell.h"
#include "race/slow.h"

#include "core/options.h"

/* Cells that all of their bytes are touched of. Neighbours mostly look alike, and what became of one becomes
 * of the next. What the thread did in this epoch already is left alone, but that freed memory says that it is
 * free. */
static void access_run(struct fl_access *access, uintptr_t at, size_t cells, bool free)
{
	struct fl_race_thread *self = access->self;
	struct furlong_race_cell last = {{UINT64_MAX, UINT64_MAX}}, next = last;
	uint64_t word = access->word;
	enum fl_short_way way = FL_SHORT_NONE;

	for (; cells; cells--, at += 8) {
		struct furlong_race_cell *cell = fl_shadow_cell((const volatile void *)at);
		struct furlong_race_cell seen = fl_sys_cell_load(cell);

		if (seen.word[0] != last.word[0] || seen.word[1] != last.word[1]) {
			way = fl_short_way(self, word, seen, &next);
			if (!free && seen.word[0] < WORD_SPECIAL && seen.word[1] < WORD_SPECIAL &&
				!word_is_read(word) && fl_says_it(word, seen.word[0]))
				way = FL_SHORT_SAME;
			if (fl_cell_is(seen, FL_SLOT_STATE) && fl_is_known(self, seen.word[0], word))
				way = FL_SHORT_SAME;
			last = seen;
		}
		if (way == FL_SHORT_SAME)
			continue;
		if (way == FL_SHORT_CHANGE && fl_sys_cell_change(cell, seen, next)) {
			self->dirty = true;
			continue;
		}
		access->address = at;
		fl_cell_access(cell, access);
		last.word[0] = last.word[1] = UINT64_MAX;
	}
}

static void access_range(
	struct fl_race_thread *self, uintptr_t at, size_t size, bool write, uint32_t what, uint32_t context)
{
	uint64_t whole = word_make(fl_epoch_make(self->slot, self->now), 0xff, !write, context);
	bool atomic = what & FL_WHAT_ATOMIC, free = what & FL_WHAT_FREE;
	struct fl_access access;

	access.self = self;
	access.atomic = atomic;
	while (size) {
		unsigned offset = at & 7, count = size < 8 - offset ? (unsigned)size : 8 - offset;

		if (count == 8 && !atomic) {
			access.word = whole;
			access_run(&access, at, size / 8, free);
			at += size & ~(size_t)7;
			size &= 7;
			continue;
		}
		access.address = at;
		access.word =
			count == 8 ? whole : word_without(whole, (uint8_t) ~(((1u << count) - 1) << offset));
		fl_cell_access(fl_shadow_cell((const volatile void *)at), &access);
		at += count;
		size -= count;
	}
}

void fl_access(const volatile void *address, size_t size, bool write, uint32_t context)
{
	struct fl_race_thread *self = fl_race_self_thread;

	uint32_t what = fl_context_get(context, 0).what;

	if (!self || !fl_race_concurrent || self->ignore_reads_and_writes)
		return;
	access_range(self, (uintptr_t)address, size, write, what, context);
	if (what & FL_WHAT_FREE)
		self->stamp++; /* somebody else may get it and hand it back: recent.h */
}

void fl_race_slow_range(
	const volatile void *address, uint64_t size, const void *caller, const void *pc, uint32_t spec)
{
	uint32_t what = spec >> FL_SPEC_WHAT_SHIFT;
	struct fl_race_thread *self;

	if (!size)
		return;
	if (what & FL_WHAT_VOLATILE && fl_options.volatile_accesses[0] != 'p') {
		if (fl_options.volatile_accesses[0] == 'i')
			return;
		what |= FL_WHAT_ATOMIC;
	}
	self = fl_access_enter();
	if (!self)
		return;
	self->counts[FL_COUNT_SLOW]++;
	access_range(self, (uintptr_t)address, size, spec & FL_SPEC_WRITE, what,
		fl_context_here(pc, caller, size < UINT32_MAX ? (uint32_t)size : UINT32_MAX, what));
	fl_access_leave();
}

/* Constructors and destructors set it to what it is already, again and again; nobody can tell. */
void fl_race_slow_vptr(const volatile void *address, const void *value, const void *caller, const void *pc)
{
	uint32_t spec = sizeof(void *) | FL_WHAT_VPTR << FL_SPEC_WHAT_SHIFT;

	if (*(const void *const volatile *)address != value)
		fl_race_slow(address, caller, pc, spec | FL_SPEC_WRITE);
}
