/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * access.c: an access meets a cell. The frequent cases are decided on the two words alone; the rest goes by
 * sets.
 *
 * Cells change by compare-and-exchange only. A state that one cell refers to is changed in place, under its
 * lock and with a new generation; else a new one is made, and the thread remembers which for the next cell of
 * the same table.
 */
#include "race/recent.h"
#include "race/slow.h"
#include "race/thread.h"

#define MEMO_LOG2  FL_TINY(6, 1)
#define MEMO_COUNT (1 << MEMO_LOG2)

/* What a cell became by an access. The access's word holds the epoch; clocks only grow within it, so that
 * what was right still is. Not referred to: the generation tells whether the state still lives. */
struct fl_race_memo {
	struct furlong_race_cell old;
	uint64_t word, state;
};

void fl_memo_free(struct fl_race_thread *thread)
{
	fl_pool_give(thread->memo, MEMO_COUNT * sizeof(*thread->memo));
	thread->memo = NULL;
}

static struct fl_race_memo *memo_entry(
	struct fl_race_thread *self, struct furlong_race_cell old, uint64_t word)
{
	uint64_t hash = (old.word[0] ^ old.word[1] * 0x9e3779b97f4a7c15u ^ word * 0xff51afd7ed558ccdu) *
			0x9e3779b97f4a7c15u;

	return &self->memo[hash >> (64 - MEMO_LOG2)];
}

static void memo_put(struct fl_race_thread *self, struct furlong_race_cell old, uint64_t word, uint64_t state)
{
	if (!self->memo) {
		self->memo = fl_pool_take(MEMO_COUNT * sizeof(*self->memo));
		if (!self->memo)
			return;
		for (int i = 0; i < MEMO_COUNT; i++)
			self->memo[i] = (struct fl_race_memo){0};
	}
	*memo_entry(self, old, word) = (struct fl_race_memo){old, word, state};
}

uint64_t fl_memo_look(struct fl_race_thread *self, struct furlong_race_cell old, uint64_t word)
{
	const struct fl_race_memo *memo;

	if (!self->memo)
		return 0;
	memo = memo_entry(self, old, word);
	return memo->word == word && fl_cell_same(memo->old, old) ? memo->state : 0;
}

void fl_know(struct fl_race_thread *self, uint64_t state, fl_epoch epoch, uint32_t bytes)
{
	*fl_known(self, state) = (struct fl_race_known){state, epoch, bytes};
	/* From now on inline code takes cells with this state for read. */
	if (bytes == 0xff)
		__furlong_race_self.shared = state;
}

static void note_shared(struct fl_race_thread *self, const struct fl_set *set, uint64_t state)
{
	fl_epoch own = fl_epoch_make(self->slot, self->now);
	uint32_t bytes = 0;

	for (uint32_t i = 0; i < set->count; i++)
		if (word_epoch(set->at[i]) == own)
			bytes |= word_bytes(set->at[i]);
	if (bytes)
		fl_know(self, state, own, bytes);
}

bool fl_short_union(uint64_t old, uint64_t new, uint64_t *both)
{
	uint8_t bytes = word_bytes(new), known = word_bytes(old);
	uint32_t context = fl_context_compose(word_context(new), bytes, word_context(old), known);

	*both = word_make(word_epoch(new), bytes | known, word_is_read(new), context);
	return context || !word_context(new);
}

/* By the rules for sets; false: the cell changed meanwhile. */
static bool access_by_set(struct furlong_race_cell *cell, struct furlong_race_cell seen, struct fl_set *set,
	struct fl_access *access)
{
	struct furlong_race_cell next;
	struct fl_race_thread *self = access->self;

	access->found = 0;
	if (!fl_cell_members(seen, set))
		return false;
	if (fl_set_apply(set, access) == FL_SET_SAME) {
		if (fl_cell_is(seen, FL_SLOT_STATE))
			note_shared(self, set, seen.word[0]);
		return true;
	}
	if (!fl_cell_encode(set, word_epoch(access->word), &next))
		return true;
	if (!fl_cell_replace(cell, seen, next))
		return false;
	self->dirty = true;
	if (!fl_cell_is(next, FL_SLOT_STATE))
		return true;
	if (!fl_cell_is(seen, FL_SLOT_STATE))
		self->counts[FL_COUNT_STATES]++;
	if (!access->found)
		memo_put(self, seen, access->word, next.word[0]);
	note_shared(self, set, next.word[0]);
	return true;
}

/* A state that this cell alone refers to is about to change where it is, and has another name from now on.
 * False: look again. */
static bool state_rename(struct furlong_race_cell *cell, struct furlong_race_cell seen,
	struct fl_race_location *state, uint64_t alive, struct furlong_race_cell *next)
{
	if ((uint32_t)alive != 1 ||
		!__atomic_compare_exchange_n(&state->alive, &alive, alive + ((uint64_t)1 << 32), false,
			__ATOMIC_ACQ_REL, __ATOMIC_ACQUIRE))
		return false;
	*next = fl_cell_of(fl_record_name(state, FL_SLOT_STATE));
	if (fl_cell_change(cell, seen, *next))
		return true;
	/* The one reference is no longer this cell's, but of somebody on his way to another, by the old name.
	 */
	__atomic_sub_fetch(&state->alive, (uint64_t)1 << 32, __ATOMIC_ACQ_REL);
	return false;
}

static bool change_in_place(struct furlong_race_cell *cell, struct furlong_race_cell seen,
	struct fl_race_location *state, struct fl_set *set, struct fl_access *access, bool private)
{
	struct furlong_race_cell next;

	if (!state_rename(cell, seen, state, __atomic_load_n(&state->alive, __ATOMIC_ACQUIRE), &next))
		return false;
	access->self->dirty = true;
	state->private = private;
	if (!fl_record_store(state, set->at, set->count))
		return true;
	note_shared(access->self, set, next.word[0]);
	return true;
}

/* What the cell must say now is a state already. False: it is not, or the cell changed meanwhile. */
static bool access_found_state(struct furlong_race_cell *cell, struct furlong_race_cell seen,
	struct fl_set *set, struct fl_access *access)
{
	uint64_t state = fl_state_find(set);

	if (!state || !fl_cell_replace(cell, seen, fl_cell_of(state)))
		return false;
	access->self->dirty = true;
	if (!access->found)
		memo_put(access->self, seen, access->word, state);
	note_shared(access->self, set, state);
	return true;
}

/* The thread comes back in a new epoch: a variable's state, which no other cell will come to share. */
static bool reads_again(const struct fl_set *set, const struct fl_access *access)
{
	for (uint32_t i = 0; i < set->count; i++)
		if (word_slot(set->at[i]) == access->self->slot &&
			word_epoch(set->at[i]) != word_epoch(access->word))
			return true;
	return false;
}

static bool access_own_state(struct furlong_race_cell *cell, struct furlong_race_cell seen,
	struct fl_set *set, struct fl_access *access)
{
	struct fl_race_location *state = fl_record_at(seen.word[0]);
	bool again, done;

	access->found = 0;
	if (!fl_record_lock(state, seen.word[0]))
		return false;
	fl_set_load(set, state->words, state->count);
	again = reads_again(set, access);
	if (fl_set_apply(set, access) == FL_SET_SAME) {
		note_shared(access->self, set, seen.word[0]);
		done = true;
	} else if (fl_set_needs_state(set) &&
		   (uint32_t)__atomic_load_n(&state->alive, __ATOMIC_ACQUIRE) == 1) {
		if (!again) {
			state->private = false;
			fl_record_unlock(state);
			if (access_found_state(cell, seen, set, access))
				return true;
			if (!fl_record_lock(state, seen.word[0]))
				return false;
		}
		done = change_in_place(cell, seen, state, set, access, again);
		if (done && !again)
			fl_state_offer(set, fl_record_name(state, FL_SLOT_STATE));
	} else {
		fl_record_unlock(state);
		return access_by_set(cell, seen, set, access);
	}
	fl_record_unlock(state);
	return done;
}

/* Which member of a state a read of a new epoch takes the place of, if that is all that it changes: the
 * thread's own older read. -1: more than that. */
static int member_renewed(
	const struct fl_race_thread *self, const struct fl_race_location *state, uint64_t word)
{
	int found = -1;

	for (uint32_t i = 0; i < state->count; i++) {
		uint64_t member = state->words[i];
		bool own = word_slot(member) == self->slot, shares = word_bytes(member) & word_bytes(word);

		if (own && (found >= 0 || !word_is_read(member) || word_epoch(member) == word_epoch(word) ||
				   word_bytes(member) & ~word_bytes(word)))
			return -1;
		if (own)
			found = (int)i;
		else if (shares && !word_is_read(member) && !fl_is_ordered(self, member))
			return -1;
	}
	return found;
}

/* A variable that several threads read, each again and again in new epochs: what access_own_state would make
 * of it, for a state that no other cell has. */
static bool access_renews(struct fl_race_thread *self, struct furlong_race_cell *cell, uint64_t word)
{
	struct furlong_race_cell seen = fl_sys_cell_load(cell), next = seen;
	struct fl_race_location *state;
	uint64_t alive;
	int member;

	if (!fl_cell_is(seen, FL_SLOT_STATE) || !word_is_read(word))
		return false;
	state = fl_record_at(seen.word[0]);
	if ((uint32_t)__atomic_load_n(&state->alive, __ATOMIC_ACQUIRE) != 1 ||
		!fl_record_lock(state, seen.word[0]))
		return false;
	member = member_renewed(self, state, word);
	alive = __atomic_load_n(&state->alive, __ATOMIC_ACQUIRE);
	if (member < 0 || (!state->private && !state_rename(cell, seen, state, alive, &next))) {
		fl_record_unlock(state);
		return false;
	}
	state->private = true;
	state->words[member] = word;
	fl_record_unlock(state);
	self->dirty = true;
	fl_know(self, next.word[0], word_epoch(word), word_bytes(word));
	return true;
}

static bool access_by_memo(
	struct furlong_race_cell *cell, struct furlong_race_cell seen, struct fl_access *access)
{
	uint64_t state = fl_memo_look(access->self, seen, access->word);

	if (!state || !fl_record_refer(state, 1) || !fl_cell_replace(cell, seen, fl_cell_of(state)))
		return false;
	access->self->dirty = true;
	if (word_is_read(access->word))
		fl_know(access->self, state, word_epoch(access->word), word_bytes(access->word));
	return true;
}

static void access_otherwise(
	struct furlong_race_cell *cell, struct furlong_race_cell seen, struct fl_access *access)
{
	struct fl_race_location *location;
	struct fl_set set;
	bool done = false;

	fl_set_init(&set);
	for (; !done; seen = fl_sys_cell_load(cell)) {
		if (fl_cell_is(seen, FL_SLOT_BLOCK))
			break;
		if (fl_cell_is(seen, FL_SLOT_LOCATION) || access->atomic) {
			location = fl_location_lock(cell);
			if (location) {
				access->found = 0;
				fl_location_access(location, access);
				fl_record_unlock(location);
			}
			break;
		}
		done = access_by_memo(cell, seen, access);
		if (done)
			break;
		done = fl_cell_is(seen, FL_SLOT_STATE) ? access_own_state(cell, seen, &set, access)
						       : access_by_set(cell, seen, &set, access);
	}
	fl_set_free(&set);
}

/* What the thread did in this epoch already, as far as the inline code did not see it; from now on it does,
 * where it can. */
static inline __attribute__((always_inline)) bool is_said(
	struct fl_race_thread *self, struct furlong_race_cell seen, uint64_t word)
{
	if (!fl_is_said(self, seen, word))
		return false;
	if (fl_cell_is(seen, FL_SLOT_STATE) && word_bytes(word) == 0xff)
		__furlong_race_self.shared = seen.word[0];
	return true;
}

/* At once, on the words of the cell alone; false: not that simple. */
static inline __attribute__((always_inline)) bool access_at_once(
	struct fl_race_thread *self, struct furlong_race_cell *cell, uint64_t word)
{
	struct furlong_race_cell seen = fl_sys_cell_load(cell), next;
	enum fl_short_way way = fl_short_way(self, word, seen, &next);

	if (way == FL_SHORT_CHANGE) {
		if (!fl_cell_change(cell, seen, next))
			return false;
		self->dirty = true;
		return true;
	}
	return way == FL_SHORT_SAME || (fl_cell_is(seen, FL_SLOT_STATE) && is_said(self, seen, word));
}

void fl_cell_access(struct furlong_race_cell *cell, struct fl_access *access)
{
	access->found = 0;
	if (!access->atomic && access_at_once(access->self, cell, access->word))
		return;
	access_otherwise(cell, fl_sys_cell_load(cell), access);
	if (access->found)
		fl_access_report(access);
}

void fl_access_report(struct fl_access *access)
{
	__atomic_fetch_add(&fl_recent_races, 1, __ATOMIC_RELAXED);
	for (uint32_t i = 0; i < access->found; i++)
		fl_report_race_saved(&access->races[i]);
	access->found = 0;
}

/* ---- slow paths -------------------------------------------------------------------------------------- */

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
	if ((access_renews(self, cell, word) || access_at_once(self, cell, word)) &&
		(size != 16 || access_at_once(self, cell + 1, word)))
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
	return is_said(self, fl_sys_cell_load(cell), word) ||
	       fl_recent_has(self, cell, word_bytes(word), !word_is_read(word));
}

/* What is read over and over in many epochs mostly differs from last time in the thread's own word only, and
 * as long as its old read stands there, no write came to its bytes. -1: it is not that simple. */
static inline __attribute__((always_inline)) int word_to_renew(
	const struct furlong_race_cell *cell, uint64_t word, uint64_t *old)
{
	int which = fl_is_renewed(__atomic_load_n(&cell->word[1], __ATOMIC_RELAXED), word);

	*old = __atomic_load_n(&cell->word[which], __ATOMIC_RELAXED);
	return fl_is_renewed(*old, word) && word_epoch(*old) != word_epoch(word) &&
			       __atomic_load_n(&cell->word[0], __ATOMIC_RELAXED) < WORD_SPECIAL
		       ? which
		       : -1;
}

/* Calls nothing: this is what tables that several threads read cost in each epoch. */
static inline __attribute__((always_inline)) bool renews_at_once(struct fl_race_thread *self,
	struct furlong_race_cell *cell, uint64_t word, const void *pc, const void *caller, uint32_t spec)
{
	uint64_t old;
	int which = word_to_renew(cell, word, &old);
	enum fl_owner_way way;
	uint32_t context;
	bool done;

	if (which < 0)
		return false;
	context = fl_context_known(self, pc, caller, spec & FL_SPEC_SIZE, spec >> FL_SPEC_WHAT_SHIFT);
	if (!context)
		return false;
	way = fl_owner_try(self, fl_owner_chunk(cell), true);
	if (way == FL_OWNER_NOBODY)
		return false;
	done = !(way == FL_OWNER_ALL && fl_owner_is_due(self)) &&
	       fl_word_renew(&cell->word[which], old, word | context, way);
	self->renewed += done && way == FL_OWNER_ALL;
	fl_owner_leave(self);
	self->dirty |= done;
	return done;
}

static bool renews(struct fl_race_thread *self, struct furlong_race_cell *cell, uint64_t word, const void *pc,
	const void *caller, uint32_t spec)
{
	uint64_t old;
	int which = word_to_renew(cell, word, &old);
	enum fl_owner_way way;
	bool done;

	if (which < 0)
		return false;
	word |= fl_context_here(pc, caller, spec & FL_SPEC_SIZE, spec >> FL_SPEC_WHAT_SHIFT);
	way = fl_owner_enter(self, cell, true);
	done = fl_word_renew(&cell->word[which], old, word, way);
	fl_owner_leave(self);
	if (way == FL_OWNER_ALL)
		fl_owner_renewed(self, cell, 1);
	self->dirty |= done;
	return done;
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
		done = renews(self, cell, word, pc, caller, spec);
	if (!done)
		slow_inside(address, caller, pc, spec, word);
	fl_access_leave();
}

void fl_race_slow(const volatile void *address, const void *caller, const void *pc, uint32_t spec)
{
	struct fl_race_thread *self = fl_access_enter();
	uint32_t size = spec & FL_SPEC_SIZE;
	struct furlong_race_cell *cell;
	uint64_t word;

	if (!self)
		return;
	self->counts[FL_COUNT_SLOW]++;
	word = word_make(fl_epoch_make(self->slot, self->now),
		size == 16 ? 0xff : (uint8_t)(((1u << size) - 1) << ((uintptr_t)address & 7)),
		!(spec & FL_SPEC_WRITE), 0);
	cell = fl_shadow_cell(address);
	if (size != 16 &&
		(renews_at_once(self, cell, word, pc, caller, spec) || is_said_in(self, cell, word)))
		fl_access_leave();
	else
		slow_otherwise(address, caller, pc, spec, word);
}
