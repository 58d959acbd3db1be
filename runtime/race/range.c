/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * range.c: accesses of any size, volatile ones, and those of pointers to virtual functions.
 */
#include "race/page.h"
#include "race/run.h"
#include "race/slow.h"

#include "core/options.h"

/* Those of `size` bytes that are in the first one's cell. */
static inline unsigned count_in_cell(uintptr_t at, size_t size)
{
	unsigned room = 8 - (at & 7);

	return size < room ? (unsigned)size : room;
}

static inline uint64_t word_of(uint64_t whole, uintptr_t at, unsigned count)
{
	return word_without(whole, (uint8_t) ~(((1u << count) - 1) << (at & 7)));
}

bool fl_range_is_said(struct fl_race_thread *self, uintptr_t at, size_t size, bool write)
{
	uint64_t whole = word_make(fl_epoch_make(self->slot, self->now), 0xff, !write, 0);

	while (size) {
		unsigned count = count_in_cell(at, size);
		const struct furlong_race_cell *cell = fl_shadow_cell((const volatile void *)at);
		uint64_t word = word_of(whole, at, count),
			 own = __atomic_load_n(&cell->word[!write], __ATOMIC_RELAXED);

		if (!fl_says_it(word, own) && !fl_is_said(self, fl_sys_cell_load(cell), word))
			return false;
		at += count;
		size -= count;
	}
	return true;
}

/* One cell after the other. */
static void access_cells(struct fl_access *access, uint64_t whole, uintptr_t at, size_t size)
{
	while (size) {
		unsigned count = count_in_cell(at, size);

		access->address = at;
		access->word = word_of(whole, at, count);
		fl_cell_access(fl_cell_open((const volatile void *)at), access);
		at += count;
		size -= count;
	}
}

/* Whole cells, of which neighbours are alike. */
static void access_run(
	struct fl_race_thread *self, uint64_t whole, uintptr_t at, size_t size, uint64_t element, bool free)
{
	size_t before = -at & 7, along = (size - before) & ~(size_t)7;
	struct fl_walk walk;

	fl_walk_init(&walk, self, whole, at, element);
	walk.run.free = free;
	access_cells(&walk.access, whole, at, before);
	fl_walk_along(&walk, at + before, 0xff, along / 8, 1);
	fl_walk_leave(&walk);
	access_cells(&walk.access, whole, at + before + along, size - before - along);
}

void fl_access_range(struct fl_race_thread *self, uintptr_t at, size_t size, bool write, uint64_t element,
	uint32_t what, uint32_t context)
{
	uint64_t whole = word_make(fl_epoch_make(self->slot, self->now), 0xff, !write, context);
	bool atomic = what & FL_WHAT_ATOMIC, free = what & FL_WHAT_FREE;
	struct fl_access access;

	if (!atomic && size >= (free ? 8 : FL_SHORT)) {
		access_run(self, whole, at, size, element, free);
		return;
	}
	access.self = self;
	access.atomic = atomic;
	access.origin = at;
	access.stride = element;
	access_cells(&access, whole, at, size);
}

void fl_access(const volatile void *address, size_t size, bool write, uint32_t what, uint32_t context)
{
	struct fl_race_thread *self = fl_race_self_thread;

	if (!self || !fl_race_concurrent)
		return;
	if (!self->ignore_reads_and_writes)
		fl_access_range(self, (uintptr_t)address, size, write, 0, what, context);
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
	if (size > FL_SHORT || what ||
		!fl_range_is_said(self, (uintptr_t)address, size, spec & FL_SPEC_WRITE))
		fl_access_range(self, (uintptr_t)address, size, spec & FL_SPEC_WRITE, 0, what,
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
