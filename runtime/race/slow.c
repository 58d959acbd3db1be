/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * slow.c: what inline code calls when a cell does not say at once that the access is recorded. What is
 * frequent is done here without calling anything: the access is recorded all the same, or the thread read
 * these bytes in an earlier epoch and does so again, or wrote to them and does, or the cell's two words
 * decide it; each on a way that the thread took lately.
 */
#include "race/slow.h"
#include "race/few.h"
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

/* All that the cell has is the thread's own write of an earlier epoch, and perhaps its read, and it writes to
 * the same bytes again: what most pieces of work begin with. */
static inline __attribute__((always_inline)) bool writes_again(struct fl_race_thread *self,
	struct furlong_race_cell *cell, uint64_t word, const struct fl_place *place)
{
	struct furlong_race_cell seen = fl_sys_cell_load(cell);
	enum fl_owner_way way;
	uint32_t context;
	bool same;

	/* Zero would be the first slot's; it may be a page that says what the cell would. */
	if (!seen.word[1] || !fl_is_again(seen.word[0], word) ||
		!fl_is_again(seen.word[1] & ~WORD_READ, word))
		return false;
	context = fl_context_known(self, word_context(seen.word[0]), place);
	if (!context)
		return false;
	way = fl_owner_try(self, fl_owner_chunk(cell), true);
	if (way == FL_OWNER_NOBODY)
		return false;
	word |= context;
	same = way == FL_OWNER_MINE ? fl_cell_same(*cell, seen)
				    : fl_sys_cell_change(cell, seen, fl_cell_of(word));
	if (same && way == FL_OWNER_MINE)
		fl_owner_set(cell, fl_cell_of(word));
	fl_owner_leave(self);
	self->dirty |= same;
	return same;
}

static inline __attribute__((always_inline)) bool state_takes_at_once(struct fl_race_thread *self,
	struct furlong_race_cell *cell, uint64_t word, const struct fl_place *place)
{
	uint32_t context = fl_context_known(self, 0, place);

	word |= context;
	return context && ((word_is_read(word) && fl_member_renews(self, cell, word)) ||
				  fl_few_take(self, cell, word, NULL));
}

/* On the two words of a cell alone, where the context is known: not where a page says what they would
 * (page.h). */
static inline __attribute__((always_inline)) bool by_short_rules(struct fl_race_thread *self,
	struct furlong_race_cell *cell, uint64_t word, const struct fl_place *place)
{
	struct furlong_race_cell seen = fl_sys_cell_load(cell);
	uint32_t context;

	if (!seen.word[1] || seen.word[0] >= WORD_SPECIAL)
		return false;
	context = fl_context_known(self, fl_context_before(seen.word, 2, word), place);
	return context && fl_access_at_once(self, cell, word | context);
}

/* What comes often, mostly without calling anything. */
static inline __attribute__((always_inline)) bool at_once(struct fl_race_thread *self,
	struct furlong_race_cell *cell, uint64_t word, const struct fl_place *place, bool write)
{
	uint64_t old = 0;
	int which = write ? -1 : fl_word_to_renew(cell, word, &old);
	uint32_t context;

	if (which < 0 && is_said_in(self, cell, word))
		return true;
	if (which < 0 && fl_cell_is(fl_sys_cell_load(cell), FL_SLOT_STATE))
		return state_takes_at_once(self, cell, word, place);
	if (write && writes_again(self, cell, word, place))
		return true;
	if (which < 0)
		return by_short_rules(self, cell, word, place);
	context = fl_context_known(self, word_context(old), place);
	return context && fl_word_renews(self, cell, which, old, word | context);
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

/* Where calls are needed: the context has to be found, or the cell is part of a page, or refers to a state.
 */
static __attribute__((noinline)) void slow_otherwise(struct fl_race_thread *self,
	const volatile void *address, uint64_t word, const void *pc, const void *caller, uint32_t spec)
{
	const struct fl_place place = slow_place(self, pc, caller, spec);
	struct furlong_race_cell *cell = fl_shadow_cell(address), seen;
	uint64_t old = 0;
	int which = word_is_read(word) ? fl_word_to_renew(cell, word, &old) : -1;

	fl_cell_open(address);
	if (fl_cell_is(fl_sys_cell_load(cell), FL_SLOT_STATE) && fl_few_take(self, cell, word, &place))
		return;
	seen = fl_sys_cell_load(cell);
	word |= fl_context_of(
		self, which < 0 ? fl_context_before(seen.word, 2, word) : word_context(old), place);
	if (which >= 0 && fl_owner_is_due(self))
		fl_owner_renewed(self, cell, 1);
	if (which >= 0 && fl_word_renews(self, cell, which, old, word))
		return;
	if (!fl_access_at_once(self, cell, word))
		slow_by_rules(self, cell, address, word, place.size);
}

/* Sixteen bytes: two cells. */
static __attribute__((noinline)) void slow_wide(struct fl_race_thread *self, const volatile void *address,
	uint64_t word, const void *pc, const void *caller, uint32_t spec)
{
	const struct fl_place place = slow_place(self, pc, caller, spec);
	struct furlong_race_cell *cell = fl_cell_open(address);

	fl_cell_open((const volatile char *)address + 8); /* the first one may be filled before it */
	if (is_said_in(self, cell, word) && is_said_in(self, cell + 1, word))
		return;
	word |= fl_context_of(self, fl_context_before(fl_sys_cell_load(cell).word, 2, word), place);
	if (!fl_access_at_once(self, cell, word) || !fl_access_at_once(self, cell + 1, word))
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
	if (size == 16)
		slow_wide(self, address, word, pc, caller, spec);
	else if (!at_once(self, cell, word, &place, spec & FL_SPEC_WRITE))
		slow_otherwise(self, address, word, pc, caller, spec);
	fl_access_leave();
}

void fl_race_slow(const volatile void *address, const void *caller, const void *pc, uint32_t spec)
{
	slow(address, caller, pc, spec);
}

/* The same, where what is constant folds: one for each stub of what comes often. */
#define SLOW(name, spec)                                                                                     \
	void name(const volatile void *address, const void *caller, const void *pc)                          \
	{                                                                                                    \
		slow(address, caller, pc, spec);                                                             \
	}
SLOW(fl_race_slow_read1, 1)
SLOW(fl_race_slow_read2, 2)
SLOW(fl_race_slow_read4, 4)
SLOW(fl_race_slow_read8, 8)
SLOW(fl_race_slow_read_vptr, 8 | FL_WHAT_VPTR << FL_SPEC_WHAT_SHIFT)
SLOW(fl_race_slow_write4, 4 | FL_SPEC_WRITE)
SLOW(fl_race_slow_write8, 8 | FL_SPEC_WRITE)
