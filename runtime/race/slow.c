/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * slow.c: what inline code calls when a cell does not say at once that the access is recorded. Two things are
 * frequent, and are done here without calling anything: the access is recorded all the same, or the thread
 * read these bytes in an earlier epoch and does so again.
 */
#include "race/slow.h"
#include "race/recent.h"
#include "race/renew.h"
#include "race/thread.h"

/* What the words of the cell alone decide at once, and the rest by all of the rules; inside the runtime. */
static __attribute__((noinline)) void slow_inside(
	const volatile void *address, const void *caller, const void *pc, uint32_t spec, uint64_t word)
{
	struct fl_race_thread *self = fl_race_self_thread;
	uint32_t size = spec & FL_SPEC_SIZE;
	struct furlong_race_cell *cell = fl_shadow_cell(address);
	struct fl_access access;
	uint64_t stamp;

	word |= fl_context_here(pc, caller, size, spec >> FL_SPEC_WHAT_SHIFT);
	if (fl_access_at_once(self, cell, word) && (size != 16 || fl_access_at_once(self, cell + 1, word)))
		return;
	stamp = fl_recent_stamp(self);
	access.self = self;
	access.address = (uintptr_t)address;
	access.atomic = false;
	access.stride = 0;
	access.word = word;
	fl_cell_access(cell, &access);
	if (size == 16) {
		access.address += 8;
		fl_cell_access(cell + 1, &access);
	} else {
		fl_recent_note(self, cell, word_bytes(word), !word_is_read(word), stamp);
	}
}

static inline __attribute__((always_inline)) bool is_said_in(
	struct fl_race_thread *self, struct furlong_race_cell *cell, uint64_t word)
{
	return fl_is_noticed(self, fl_sys_cell_load(cell), word) ||
	       fl_recent_has(self, cell, word_bytes(word), !word_is_read(word));
}

/* What comes often, without calling anything. */
static inline __attribute__((always_inline)) bool at_once(struct fl_race_thread *self,
	struct furlong_race_cell *cell, uint64_t word, const void *pc, const void *caller, uint32_t spec)
{
	uint64_t old = 0;
	int which = word_is_read(word) ? fl_word_to_renew(cell, word, &old) : -1;
	uint32_t context;

	if (which < 0 && is_said_in(self, cell, word))
		return true;
	if (!word_is_read(word) || (which < 0 && !fl_cell_is(fl_sys_cell_load(cell), FL_SLOT_STATE)))
		return false;
	context = fl_context_known(
		self, pc, caller, spec & FL_SPEC_SIZE, spec >> FL_SPEC_WHAT_SHIFT, self->held);
	if (!context)
		return false;
	return which < 0 ? fl_member_renews(self, cell, word | context)
			 : fl_word_renews(self, cell, which, old, word | context);
}

/* The same where the context has to be found, which is mostly that of last time. */
static bool renews(struct fl_race_thread *self, struct furlong_race_cell *cell, uint64_t word, const void *pc,
	const void *caller, uint32_t spec)
{
	const struct fl_place place = {pc, caller, spec & FL_SPEC_SIZE, spec >> FL_SPEC_WHAT_SHIFT};
	uint64_t old;
	int which = fl_word_to_renew(cell, word, &old);

	if (which < 0)
		old = fl_member_renews(self, cell, word);
	if (!old)
		return fl_state_renews(self, cell, word, &place);
	word |= fl_context_again(word_context(old), pc, caller, place.size, place.what);
	if (which < 0)
		return fl_member_renews(self, cell, word);
	if (fl_owner_is_due(self))
		fl_owner_renewed(self, cell, 1);
	return fl_word_renews(self, cell, which, old, word);
}

static __attribute__((noinline)) void slow_otherwise(
	const volatile void *address, const void *caller, const void *pc, uint32_t spec, uint64_t word)
{
	struct furlong_race_cell *cell = fl_shadow_cell(address);
	struct fl_race_thread *self = fl_race_self_thread;
	bool done;

	if ((spec & FL_SPEC_SIZE) == 16)
		done = is_said_in(self, cell, word) && is_said_in(self, cell + 1, word);
	else
		done = word_is_read(word) && renews(self, cell, word, pc, caller, spec);
	if (!done)
		slow_inside(address, caller, pc, spec, word);
	fl_access_leave();
}

static inline __attribute__((always_inline)) void slow(
	const volatile void *address, const void *caller, const void *pc, uint32_t spec)
{
	struct fl_race_thread *self = fl_access_enter();
	uint32_t size = spec & FL_SPEC_SIZE;
	struct furlong_race_cell *cell;
	uint64_t word;

	if (!self)
		return;
	self->counts[FL_COUNT_SLOW]++;
	word = __furlong_race_self.epoch |
	       word_make(0, size == 16 ? 0xff : (uint8_t)(((1u << size) - 1) << ((uintptr_t)address & 7)),
		       !(spec & FL_SPEC_WRITE), 0);
	cell = fl_shadow_cell(address);
	if (size != 16 && at_once(self, cell, word, pc, caller, spec))
		fl_access_leave();
	else
		slow_otherwise(address, caller, pc, spec, word);
}

void fl_race_slow(const volatile void *address, const void *caller, const void *pc, uint32_t spec)
{
	slow(address, caller, pc, spec);
}

/* The same, where what is constant folds: one for each stub of a read that comes often. */
#define SLOW_READ(name, spec)                                                                                \
	void name(const volatile void *address, const void *caller, const void *pc)                          \
	{                                                                                                    \
		slow(address, caller, pc, spec);                                                             \
	}
SLOW_READ(fl_race_slow_read1, 1)
SLOW_READ(fl_race_slow_read2, 2)
SLOW_READ(fl_race_slow_read4, 4)
SLOW_READ(fl_race_slow_read8, 8)
SLOW_READ(fl_race_slow_read_vptr, 8 | FL_WHAT_VPTR << FL_SPEC_WHAT_SHIFT)
