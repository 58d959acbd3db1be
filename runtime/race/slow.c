/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * slow.c: what inline code calls when a cell does not say at once that the access is recorded. Two things are
 * frequent, and are done here without calling anything: the access is recorded all the same, or the thread
 * read these bytes in an earlier epoch and does so again.
 */
#include "race/slow.h"
#include "race/recent.h"
#include "race/short.h"
#include "race/thread.h"

/* Which member of a state a read of a new epoch takes the place of, if that is all that it changes: the
 * thread's own older read. -1: more than that. */
static int member_renewed(
	const struct fl_race_thread *self, const struct fl_race_location *state, uint64_t word)
{
	int found = -1;

	for (uint32_t i = 0; i < state->count; i++) {
		uint64_t member = state->words[i];
		bool own = word_slot(member) == self->slot, now = word_epoch(member) == word_epoch(word);

		if (!word_is_read(member)) {
			if (own ? now : word_bytes(member) & word_bytes(word) && !fl_is_ordered(self, member))
				return -1;
		} else if (own) {
			if (now || found >= 0 || word_bytes(member) & ~word_bytes(word))
				return -1;
			found = (int)i;
		}
	}
	return found;
}

/* A variable that several threads read, each again and again in new epochs: what access_own_state would make
 * of it, for a state that no other cell has. */
static bool state_renews(struct fl_race_thread *self, struct furlong_race_cell *cell, uint64_t word,
	const void *pc, const void *caller, uint32_t spec)
{
	struct furlong_race_cell seen = fl_sys_cell_load(cell), next = seen;
	struct fl_race_location *state;
	uint64_t alive;
	int member;

	if (!fl_cell_is(seen, FL_SLOT_STATE))
		return false;
	state = fl_record_at(seen.word[0]);
	if ((uint32_t)__atomic_load_n(&state->alive, __ATOMIC_ACQUIRE) != 1 ||
		!fl_record_lock(state, seen.word[0]))
		return false;
	member = member_renewed(self, state, word);
	alive = __atomic_load_n(&state->alive, __ATOMIC_ACQUIRE);
	if (member < 0 || (!state->private && !fl_state_rename(cell, seen, state, alive, &next))) {
		fl_record_unlock(state);
		return false;
	}
	__atomic_store_n(&state->private, true, __ATOMIC_RELEASE);
	word |= fl_context_again(word_context(state->words[member]), pc, caller, spec & FL_SPEC_SIZE,
		spec >> FL_SPEC_WHAT_SHIFT);
	state->words[member] = word;
	fl_record_unlock(state);
	self->dirty = true;
	fl_know(self, next.word[0], word_epoch(word), word_bytes(word));
	fl_owner_renewed(self, cell, 1);
	return true;
}

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

/* What is read over and over in many epochs mostly differs from last time in the thread's own word only, and
 * as long as its old read stands there, no write came to its bytes. -1: it is not that simple. */
static inline __attribute__((always_inline)) int word_to_renew(
	const struct furlong_race_cell *cell, uint64_t word, uint64_t *old)
{
	int which = fl_is_renewed(__atomic_load_n(&cell->word[1], __ATOMIC_RELAXED), word);

	*old = __atomic_load_n(&cell->word[which], __ATOMIC_RELAXED);
	return fl_is_renewed(*old, word) && word_epoch(*old) != word_epoch(word) ? which : -1;
}

static inline __attribute__((always_inline)) bool word_renews(
	struct fl_race_thread *self, struct furlong_race_cell *cell, int which, uint64_t old, uint64_t word)
{
	enum fl_owner_way way = fl_owner_try(self, fl_owner_chunk(cell), true);
	bool done;

	if (way == FL_OWNER_NOBODY)
		return false;
	done = !(way == FL_OWNER_ALL && fl_owner_is_due(self)) &&
	       fl_word_renew(&cell->word[which], old, word, way);
	self->renewed += done && way == FL_OWNER_ALL;
	fl_owner_leave(self);
	self->dirty |= done;
	return done;
}

/* As above, of the thread's member in a private state. NULL: it is not that simple. In the chunk. */
static inline __attribute__((always_inline)) uint64_t *member_in_place(
	const struct fl_race_thread *self, const struct furlong_race_cell *cell, uint64_t word)
{
	uint64_t name = __atomic_load_n(&cell->word[0], __ATOMIC_RELAXED);
	struct fl_race_location *state;

	if (word_slot(name) != FL_SLOT_STATE)
		return NULL;
	state = fl_record_at(name);
	if (!__atomic_load_n(&state->private, __ATOMIC_ACQUIRE) ||
		fl_record_name(state, FL_SLOT_STATE) != name)
		return NULL;
	for (uint32_t i = 0; i < state->count; i++) {
		uint64_t member = __atomic_load_n(&state->words[i], __ATOMIC_RELAXED);

		if (word_slot(member) == self->slot && word_is_read(member))
			return fl_is_renewed(member, word) && word_epoch(member) != word_epoch(word)
				       ? &state->words[i]
				       : NULL;
	}
	return NULL;
}

/* Without a context the member is not changed, but looked at. 0: it is not that simple. */
static inline __attribute__((always_inline)) uint64_t member_renews(
	struct fl_race_thread *self, struct furlong_race_cell *cell, uint64_t word)
{
	enum fl_owner_way way = fl_owner_try(self, fl_owner_chunk(cell), true);
	uint64_t *member, name = __atomic_load_n(&cell->word[0], __ATOMIC_RELAXED), old = 0;

	if (way == FL_OWNER_NOBODY)
		return 0;
	member = way == FL_OWNER_ALL ? NULL : member_in_place(self, cell, word);
	if (member)
		old = *member;
	if (member && word_context(word))
		__atomic_store_n(member, word, __ATOMIC_RELAXED);
	fl_owner_leave(self);
	if (!old || !word_context(word))
		return old;
	self->dirty = true;
	fl_know(self, name, word_epoch(word), word_bytes(word));
	return old;
}

/* What comes often, without calling anything. */
static inline __attribute__((always_inline)) bool at_once(struct fl_race_thread *self,
	struct furlong_race_cell *cell, uint64_t word, const void *pc, const void *caller, uint32_t spec)
{
	uint64_t old = 0;
	int which = word_is_read(word) ? word_to_renew(cell, word, &old) : -1;
	uint32_t context;

	if (which < 0 && is_said_in(self, cell, word))
		return true;
	if (!word_is_read(word) || (which < 0 && !fl_cell_is(*cell, FL_SLOT_STATE)))
		return false;
	context = fl_context_known(
		self, pc, caller, spec & FL_SPEC_SIZE, spec >> FL_SPEC_WHAT_SHIFT, self->held);
	if (!context)
		return false;
	return which < 0 ? member_renews(self, cell, word | context)
			 : word_renews(self, cell, which, old, word | context);
}

/* The same where the context has to be found, which is mostly that of last time. */
static bool renews(struct fl_race_thread *self, struct furlong_race_cell *cell, uint64_t word, const void *pc,
	const void *caller, uint32_t spec)
{
	uint64_t old;
	int which = word_to_renew(cell, word, &old);

	if (which < 0)
		old = member_renews(self, cell, word);
	if (!old)
		return state_renews(self, cell, word, pc, caller, spec);
	word |= fl_context_again(
		word_context(old), pc, caller, spec & FL_SPEC_SIZE, spec >> FL_SPEC_WHAT_SHIFT);
	if (which < 0)
		return member_renews(self, cell, word);
	if (fl_owner_is_due(self))
		fl_owner_renewed(self, cell, 1);
	return word_renews(self, cell, which, old, word);
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
