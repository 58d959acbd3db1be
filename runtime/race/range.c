/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * range.c: accesses of any size, volatile ones, and those of pointers to virtual functions.
 */
#include "race/cell.h"
#include "race/slow.h"

#include "core/options.h"

static void access_range(
	struct fl_race_thread *self, uintptr_t at, size_t size, bool write, bool atomic, uint32_t context)
{
	uint64_t whole = word_make(fl_epoch_make(self->slot, self->now), 0xff, !write, context);
	struct fl_access access;

	access.self = self;
	access.atomic = atomic;
	while (size) {
		unsigned offset = at & 7, count = size < 8 - offset ? (unsigned)size : 8 - offset;

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
	access_range(self, (uintptr_t)address, size, write, what & FL_WHAT_ATOMIC, context);
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
	access_range(self, (uintptr_t)address, size, spec & FL_SPEC_WRITE, what & FL_WHAT_ATOMIC,
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
