/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * slow.c: what inline code calls when a cell does not say at once that the access is recorded. Two things are
 * frequent, and are done here without calling anything: the access is recorded all the same, or the thread
 * read these bytes in an earlier epoch and does so again, on a way that it took lately.
 */
#include "race/slow.h"
#include "race/page.h"
#include "race/recent.h"
#include "race/renew.h"

static inline __attribute__((always_inline)) bool is_said_in(
	struct fl_race_thread *self, struct furlong_race_cell *cell, uint64_t word)
{
	return fl_is_noticed(self, fl_sys_cell_load(cell), word) ||
	       fl_recent_has(self, cell, word_bytes(word), !word_is_read(word));
}

/* Made anew where it is needed: one that is handed on would lie in memory, also where nothing is called. */
static inline __attribute__((always_inline)) struct fl_place slow_place(
	const struct fl_race_thread *self, const void *pc, const void *caller, uint32_t spec)
{
	return (struct fl_place){pc, caller, spec & FL_SPEC_SIZE, spec >> FL_SPEC_WHAT_SHIFT, self->held};
}

/* What comes often, without calling anything. */
static inline __attribute__((always_inline)) bool at_once(struct fl_race_thread *self,
	struct furlong_race_cell *cell, uint64_t word, const struct fl_place *place)
{
	uint64_t old = 0;
	int which = word_is_read(word) ? fl_word_to_renew(cell, word, &old) : -1;
	uint32_t context;

	if (which < 0 && is_said_in(self, cell, word))
		return true;
	if (!word_is_read(word) || (which < 0 && !fl_cell_is(fl_sys_cell_load(cell), FL_SLOT_STATE)))
		return false;
	context = fl_context_known(self, which < 0 ? 0 : word_context(old), place);
	if (!context)
		return false;
	return which < 0 ? fl_member_renews(self, cell, word | context)
			 : fl_word_renews(self, cell, which, old, word | context);
}

/* By all of the rules. */
static __attribute__((noinline)) void slow_by_rules(struct fl_race_thread *self,
	struct furlong_race_cell *cell, const volatile void *address, uint64_t word, uint32_t size)
{
	uint64_t stamp = fl_recent_stamp(self);
	struct fl_access access;

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

/* Where calls are needed: the context has to be found, or the cell refers to a state. */
static __attribute__((noinline)) void slow_otherwise(struct fl_race_thread *self,
	const volatile void *address, uint64_t word, const void *pc, const void *caller, uint32_t spec)
{
	const struct fl_place place = slow_place(self, pc, caller, spec);
	struct furlong_race_cell *cell = fl_cell_open(address);
	struct furlong_race_cell seen;
	bool wide = place.size == 16;
	uint64_t old = 0;
	int which;

	if (wide) /* the first one may be filled before it */
		fl_cell_open((const volatile char *)address + 8);
	if (wide && is_said_in(self, cell, word) && is_said_in(self, cell + 1, word))
		return;
	if (!wide && fl_state_takes(self, cell, word, &place))
		return;
	which = word_is_read(word) && !wide ? fl_word_to_renew(cell, word, &old) : -1;
	seen = fl_sys_cell_load(cell);
	word |= fl_context_of(
		self, which < 0 ? fl_context_before(seen.word, 2, word) : word_context(old), place);
	if (which >= 0 && fl_owner_is_due(self))
		fl_owner_renewed(self, cell, 1);
	if (which >= 0 && fl_word_renews(self, cell, which, old, word))
		return;
	if (!fl_access_at_once(self, cell, word) || (wide && !fl_access_at_once(self, cell + 1, word)))
		slow_by_rules(self, cell, address, word, place.size);
}

static inline __attribute__((always_inline)) void slow(
	const volatile void *address, const void *caller, const void *pc, uint32_t spec)
{
	struct fl_race_thread *self = fl_access_enter();
	uint32_t size = spec & FL_SPEC_SIZE;
	struct furlong_race_cell *cell;
	struct fl_place place;
	uint64_t word;

	if (!self)
		return;
	self->counts[FL_COUNT_SLOW]++;
	place = slow_place(self, pc, caller, spec);
	word = __furlong_race_self.epoch |
	       word_make(0, size == 16 ? 0xff : (uint8_t)(((1u << size) - 1) << ((uintptr_t)address & 7)),
		       !(spec & FL_SPEC_WRITE), 0);
	cell = fl_shadow_cell(address);
	if (size == 16 || !at_once(self, cell, word, &place))
		slow_otherwise(self, address, word, pc, caller, spec);
	fl_access_leave();
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
