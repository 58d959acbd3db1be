/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * access.c: an access meets a cell. The frequent cases are decided on the two words alone; the rest goes by
 * sets.
 *
 * Cells change by compare-and-exchange only. A state that one cell refers to is changed in place, under its
 * lock and with a new generation; else a new one is made, and the thread remembers which for the next cell of
 * the same table.
 */
#include "race/few.h"
#include "race/recent.h"
#include "race/short.h"
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
	uint32_t context = word_context(new) == word_context(old)
				   ? word_context(new)
				   : fl_context_compose(word_context(new), bytes, word_context(old), known);

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
	if (!fl_cell_members(cell, seen, set))
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

static bool change_in_place(struct furlong_race_cell *cell, struct furlong_race_cell seen,
	struct fl_race_location *state, struct fl_set *set, struct fl_access *access, bool private)
{
	struct furlong_race_cell next;

	if (!fl_state_rename(cell, seen, state, __atomic_load_n(&state->alive, __ATOMIC_ACQUIRE), &next))
		return false;
	access->self->dirty = true;
	if (!fl_record_store(state, set->at, set->count))
		return true;
	__atomic_store_n(&state->private, private, __ATOMIC_RELEASE);
	if (!word_is_read(access->word))
		state->changes++;
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

/* Changed where it is, under its name, by one of those who may change anything in the chunk. With the lock,
 * which is given back. */
static bool access_private_state(struct furlong_race_cell *cell, struct furlong_race_cell seen,
	struct fl_set *set, struct fl_access *access)
{
	struct fl_race_location *state = fl_record_at(seen.word[0]);
	uint32_t *chunk = fl_owner_chunk(cell);
	bool done;

	if (!fl_owner_try(access->self, chunk, false)) {
		fl_record_unlock(state);
		fl_owner_claim(access->self, chunk);
		return false;
	}
	fl_set_load(set, state->words, state->count);
	done = fl_set_apply(set, access) == FL_SET_SAME;
	if (!done && !access->found && fl_set_needs_state(set)) {
		access->self->dirty = done = true;
		fl_record_store(state, set->at, set->count);
	}
	if (!done)
		__atomic_store_n(&state->private, false, __ATOMIC_RELAXED);
	fl_owner_leave(access->self);
	fl_record_unlock(state);
	if (done)
		note_shared(access->self, set, seen.word[0]);
	return done;
}

static bool access_own_state(struct furlong_race_cell *cell, struct furlong_race_cell seen,
	struct fl_set *set, struct fl_access *access)
{
	struct fl_race_location *state = fl_record_at(seen.word[0]);
	bool again, done;

	access->found = 0;
	if (!fl_record_lock(state, seen.word[0]))
		return false;
	if (state->private && state->changes >= FL_WRITES_OF_A_TABLE)
		return access_private_state(cell, seen, set, access);
	if (!fl_state_is_public(cell, state))
		return false;
	fl_set_load(set, state->words, state->count);
	again = state->changes >= FL_WRITES_OF_A_TABLE || fl_comes_again(set->at, set->count, access->word);
	if (fl_set_apply(set, access) == FL_SET_SAME) {
		note_shared(access->self, set, seen.word[0]);
		done = true;
	} else if (fl_set_needs_state(set) &&
		   (uint32_t)__atomic_load_n(&state->alive, __ATOMIC_ACQUIRE) == 1) {
		if (!again) {
			fl_record_unlock(state);
			if (access_found_state(cell, seen, set, access))
				return true;
			if (!fl_record_lock(state, seen.word[0]) || !fl_state_is_public(cell, state))
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

void fl_cell_access(struct furlong_race_cell *cell, struct fl_access *access)
{
	access->found = 0;
	if (!access->atomic && (fl_access_at_once(access->self, cell, access->word) ||
				       fl_few_take(access->self, cell, access->word, NULL)))
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
