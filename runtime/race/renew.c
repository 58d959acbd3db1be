/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * renew.c: renew.h.
 */
#include "race/renew.h"
#include "race/past.h"

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

/* What becomes of a member where an access touches some of its bytes. False: a race, or more than its bytes
 * change. */
static bool member_yields(const struct fl_race_thread *self, uint64_t *member, uint64_t word)
{
	if (!word_is_read(word))
		return fl_left_by_write(self, word, member);
	if (!word_is_read(*member))
		return fl_is_ordered(self, *member) && word_epoch(*member) != word_epoch(word);
	if (fl_is_ordered(self, *member))
		*member = word_without(*member, word_bytes(word));
	return true;
}

#define MEMBERS_AT_ONCE 8

/* What fl_set_apply makes of a few members, where nothing races. False: it is not that simple. `word` is the
 * access's own member then. */
static bool members_take(const struct fl_race_thread *self, struct fl_race_location *state, uint64_t *word)
{
	uint64_t members[MEMBERS_AT_ONCE], own = *word;
	uint32_t count = 0, own_count = 0;
	bool said = false;

	if (state->count >= MEMBERS_AT_ONCE)
		return false;
	for (uint32_t i = 0; i < state->count; i++) {
		uint64_t member = state->words[i];

		if (fl_is_past(member))
			continue;
		if (word_same_member(member, *word)) {
			said = !(word_bytes(own) & ~word_bytes(member));
			if (own_count++ || (!said && !fl_short_union(member, own, &own)))
				return false;
			continue;
		}
		if (word_bytes(member) & word_bytes(*word) && !member_yields(self, &member, *word))
			return false;
		members[count] = member;
		count += word_bytes(member) != 0;
	}
	if (said)
		return true;
	members[count++] = own;
	if (count < 3 || count > state->capacity)
		return false;
	fl_words_copy(state->words, members, count);
	state->count = (uint16_t)count;
	*word = own;
	return true;
}

/* A variable's state changes where it is: other cells hardly come to look like its own. */
static bool is_variable(const struct fl_race_location *state, uint64_t word)
{
	return state->private &&
	       (state->changes >= FL_WRITES_OF_A_TABLE || fl_comes_again(state->words, state->count, word));
}

/* In a chunk that lets the thread change everything. With the state's lock. */
static bool private_takes(struct fl_race_thread *self, struct furlong_race_cell *cell,
	struct fl_race_location *state, uint64_t *word, const struct fl_place *place)
{
	bool done;

	*word |= fl_context_of(self, fl_context_before(state->words, state->count, *word), *place);
	if (!fl_owner_try(self, fl_owner_chunk(cell), false))
		return false;
	done = members_take(self, state, word);
	fl_owner_leave(self);
	return done;
}

/* A variable that several threads read, each again and again in new epochs: its state is private from now on.
 * With its lock. False: it is not the one of that cell any more. */
static bool read_renewed(struct fl_race_thread *self, struct furlong_race_cell *cell,
	struct fl_race_location *state, uint64_t *member, uint64_t *word, const struct fl_place *place)
{
	uint64_t alive = __atomic_load_n(&state->alive, __ATOMIC_ACQUIRE);
	struct furlong_race_cell next, seen = fl_cell_of(fl_record_name(state, FL_SLOT_STATE));

	if (!state->private && !fl_state_rename(cell, seen, state, alive, &next))
		return false;
	__atomic_store_n(&state->private, true, __ATOMIC_RELEASE);
	*word |= fl_context_of(self, word_context(*member), *place);
	*member = *word;
	return true;
}

/* By all of the rules it may fit into the cell. */
static bool has_past(const struct fl_race_location *state)
{
	for (uint32_t i = 0; i < state->count; i++)
		if (fl_is_past(state->words[i]))
			return true;
	return false;
}

static bool takes_with_lock(struct fl_race_thread *self, struct furlong_race_cell *cell, uint64_t word,
	const struct fl_place *place)
{
	uint64_t name = __atomic_load_n(&cell->word[0], __ATOMIC_ACQUIRE);
	struct fl_race_location *state;
	bool done = false;
	int member;

	if (word_slot(name) != FL_SLOT_STATE)
		return false; /* it was one when it was looked at before */
	state = fl_record_at(name);
	if ((uint32_t)__atomic_load_n(&state->alive, __ATOMIC_ACQUIRE) != 1 || !fl_record_lock(state, name))
		return false;
	member = word_is_read(word) && !has_past(state) ? member_renewed(self, state, word) : -1;
	if (member >= 0)
		done = read_renewed(self, cell, state, &state->words[member], &word, place);
	else if (is_variable(state, word))
		done = private_takes(self, cell, state, &word, place);
	name = fl_record_name(state, FL_SLOT_STATE);
	fl_record_unlock(state);
	if (!done)
		return false;
	self->dirty = true;
	fl_know(self, name, word_epoch(word), word_bytes(word));
	if (member >= 0)
		fl_owner_renewed(self, cell, 1);
	return true;
}

bool fl_state_takes(struct fl_race_thread *self, struct furlong_race_cell *cell, uint64_t word,
	const struct fl_place *place)
{
	uint64_t old;

	if (word_slot(__atomic_load_n(&cell->word[0], __ATOMIC_RELAXED)) != FL_SLOT_STATE)
		return false;
	old = word_is_read(word) ? fl_member_renews(self, cell, word) : 0;
	return (old && fl_member_renews(self, cell, word | fl_context_of(self, word_context(old), *place))) ||
	       takes_with_lock(self, cell, word, place);
}
