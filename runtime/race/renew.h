/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * renew.h: a thread reads again what it read in an earlier epoch. What is read over and over in many epochs
 * is what tables are, and mostly nothing changes but the thread's own word, in the cell or in its state.
 */
#ifndef FL_RACE_RENEW_H
#define FL_RACE_RENEW_H

#include "race/context.h"
#include "race/past.h"
#include "race/short.h"

/* Which word of the cell that is, and what it says: as long as the old read stands there, no write came to
 * its bytes. -1: it is not that simple. */
static inline __attribute__((always_inline)) int fl_word_to_renew(
	const struct furlong_race_cell *cell, uint64_t word, uint64_t *old)
{
	int which = fl_is_renewed(__atomic_load_n(&cell->word[1], __ATOMIC_RELAXED), word);

	*old = __atomic_load_n(&cell->word[which], __ATOMIC_RELAXED);
	return fl_is_renewed(*old, word) && word_epoch(*old) != word_epoch(word) ? which : -1;
}

static inline __attribute__((always_inline)) bool fl_word_renews(
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
static inline __attribute__((always_inline)) uint64_t *fl_member_in_place(
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

		if (fl_is_past(member))
			return NULL;
		if (word_slot(member) == self->slot && word_is_read(member))
			return fl_is_renewed(member, word) && word_epoch(member) != word_epoch(word)
				       ? &state->words[i]
				       : NULL;
	}
	return NULL;
}

/* Without a context the member is not changed, but looked at. 0: it is not that simple. */
static inline __attribute__((always_inline)) uint64_t fl_member_renews(
	struct fl_race_thread *self, struct furlong_race_cell *cell, uint64_t word)
{
	enum fl_owner_way way = fl_owner_try(self, fl_owner_chunk(cell), true);
	uint64_t *member, name = __atomic_load_n(&cell->word[0], __ATOMIC_RELAXED), old = 0;

	if (way == FL_OWNER_NOBODY)
		return 0;
	member = way == FL_OWNER_ALL ? NULL : fl_member_in_place(self, cell, word);
	if (member)
		old = *member;
	if (member && word_context(word))
		__atomic_store_n(member, word, __ATOMIC_RELAXED);
	fl_owner_leave(self);
	if (!old || !word_context(word))
		return old;
	self->dirty = true;
	fl_past_met(self);
	fl_know(self, name, word_epoch(word), word_bytes(word));
	return old;
}

/* The context of the member that an access may come to replace; 0: none. */
static inline uint32_t fl_context_before(const uint64_t *words, uint32_t count, uint64_t word)
{
	for (uint32_t i = count; i; i--)
		if (fl_is_again(words[i - 1], word))
			return word_context(words[i - 1]);
	return 0;
}

#endif
