/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * renew.c: renew.h.
 */
#include "race/renew.h"

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
bool fl_state_renews(struct fl_race_thread *self, struct furlong_race_cell *cell, uint64_t word,
	const struct fl_place *place)
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
	word |= fl_context_again(
		word_context(state->words[member]), place->pc, place->caller, place->size, place->what);
	state->words[member] = word;
	fl_record_unlock(state);
	self->dirty = true;
	fl_know(self, next.word[0], word_epoch(word), word_bytes(word));
	fl_owner_renewed(self, cell, 1);
	return true;
}
