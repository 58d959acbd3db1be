/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * few.c: few.h.
 */
#include "race/few.h"

#include "race/invariants.h"
#include "race/past.h"
#include "race/recent.h"
#include "race/renew.h"

#define FEW FL_TINY(12, 4)

/* What a set becomes. */
struct few {
	struct fl_set set; /* what is left of the others, then with the access, as they came */
	uint64_t members[FEW + 1];
	int same;     /* the member of its own epoch and kind, which the access joins; -1: none */
	int renewed;  /* by place: its thread's older read, if nothing but this makes room for it; -1 */
	bool said;    /* the access says nothing new */
	bool fewer;   /* something has become past */
	bool again;   /* its thread was there in another epoch */
	bool readers; /* there are reads of others, who may renew them */
};

/* What the access leaves of another thread's member; 0: they race. */
static inline uint64_t few_left(const struct fl_race_thread *self, uint64_t word, uint64_t member)
{
	if (!(word_bytes(member) & word_bytes(word)))
		return member;
	if (!fl_is_ordered(self, member))
		return word_is_read(word) && word_is_read(member) ? member : 0;
	return word_is_read(word) && !word_is_read(member) ? member : word_without(member, word_bytes(word));
}

/* What it leaves of its own thread's; all of that which it joins. */
static inline uint64_t few_left_of_own(uint64_t word, uint64_t member, bool joins)
{
	return joins || (word_is_read(word) && !word_is_read(member))
		       ? member
		       : word_without(member, word_bytes(word));
}

/* False: more than these rules is needed. */
static inline bool few_look(const struct fl_race_thread *self, const uint64_t *words, uint32_t count,
	uint64_t word, struct few *few)
{
	int kept = 0, same = -1, renewed = -1, changed = 0;
	bool said = false, again = false, fewer = false, readers = false;

	for (uint32_t i = 0; i < count; i++) {
		uint64_t member = __atomic_load_n(&words[i], __ATOMIC_RELAXED), left;
		bool own = word_slot(member) == self->slot;

		if (fl_is_past(member)) {
			fewer = true;
			continue;
		}
		if (own) {
			bool joins = word_same_member(member, word);

			if (joins && same >= 0)
				return false; /* one was overtaken (set.c) */
			said |= fl_says_it(word, member);
			again |= word_epoch(member) != word_epoch(word);
			same = joins ? kept : same;
			left = few_left_of_own(word, member, joins);
		} else {
			left = few_left(self, word, member);
			readers |= word_is_read(member);
			if (!left)
				return false;
		}
		changed += left != member;
		few->members[kept] = left;
		if (word_bytes(left))
			kept++;
		else
			renewed = own && word_is_read(word) ? (int)i : -1;
	}
	few->set.at = few->members; /* on the stack, also where sets are tiny */
	few->set.count = (uint32_t)kept;
	few->same = same;
	few->renewed = changed == 1 && same < 0 && !fewer ? renewed : -1;
	few->said = said;
	few->fewer = fewer;
	few->again = again;
	few->readers = readers;
	return true;
}

/* Takes the access in; `word` is the member that has it then. False: there is no context for both. */
static inline bool few_join(struct few *few, uint64_t *word)
{
	if (few->same < 0)
		few->set.at[few->set.count++] = *word;
	else if (fl_short_union(few->set.at[few->same], *word, word))
		few->set.at[few->same] = *word;
	else
		return false;
	return true;
}

static bool few_take(
	struct fl_race_thread *self, const uint64_t *words, uint32_t count, uint64_t *word, struct few *few)
{
	bool done = few_look(self, words, count, *word, few) && (few->said || few_join(few, word));

	if (done)
		fl_check_set(&few->set, (&(struct fl_access){.self = self, .word = *word}));
	return done;
}

/* They are what the cell's two words say from now on. Also of one that says nothing new: code that is
 * compiled in sees it there. */
static bool few_fits(struct fl_race_thread *self, struct furlong_race_cell *cell,
	struct furlong_race_cell seen, uint64_t word, struct few *few)
{
	struct furlong_race_cell next;

	if (!fl_cell_encode(&few->set, word_epoch(word), &next) || !fl_cell_replace(cell, seen, next))
		return false;
	self->dirty = true;
	return true;
}

/* The cell's two words become two others, or a state of its own: the thread comes back to it. */
static bool words_take(struct fl_race_thread *self, struct furlong_race_cell *cell,
	struct furlong_race_cell seen, uint64_t word)
{
	struct furlong_race_cell next;
	struct fl_race_location *state;
	struct fl_set words;
	struct few few;

	fl_set_init(&words);
	fl_cell_members(cell, seen, &words);
	if (!few_take(self, words.at, words.count, &word, &few))
		return false;
	if (few.said && !few.fewer)
		return true;
	if (fl_set_needs_state(&few.set) && fl_cuts_are_few(self))
		fl_set_leave_had(self, &few.set, word_epoch(word));
	if (!fl_set_needs_state(&few.set))
		return few_fits(self, cell, seen, word, &few);
	if (!few.again)
		return false;
	state = fl_record_make(few.set.at, few.set.count);
	if (!state)
		return false;
	state->private = true;
	next = fl_cell_of(fl_record_name(state, FL_SLOT_STATE));
	if (!fl_cell_replace(cell, seen, next))
		return false;
	self->counts[FL_COUNT_STATES]++;
	self->dirty = true;
	return true;
}

enum state_way {
	STATE_NOT,
	STATE_TAKES,
	STATE_FITS, /* into the cell, which has to change yet; nobody renews a member without the lock */
};

/* Nobody changes a member but with the lock. */
static enum state_way public_takes(struct fl_race_thread *self, struct furlong_race_cell *cell,
	struct fl_race_location *state, uint64_t *word, struct few *few)
{
	struct furlong_race_cell next, seen = fl_cell_of(fl_record_name(state, FL_SLOT_STATE));

	if (!few_take(self, state->words, state->count, word, few))
		return STATE_NOT;
	if (few->said && !few->fewer)
		return STATE_TAKES;
	if (!fl_set_needs_state(&few->set))
		return STATE_FITS;
	if (!few->again ||
		!fl_state_rename(cell, seen, state, __atomic_load_n(&state->alive, __ATOMIC_ACQUIRE), &next))
		return STATE_NOT;
	if (fl_record_store(state, few->set.at, few->set.count))
		__atomic_store_n(&state->private, true, __ATOMIC_RELEASE);
	return STATE_TAKES;
}

/* In a chunk in which the thread may change everything. Before that was so, somebody may have renewed his
 * read. */
static enum state_way private_changes(struct fl_race_thread *self, struct fl_race_location *state,
	uint64_t access, uint64_t *word, struct few *few)
{
	if (few->readers) {
		*word = access;
		if (!few_take(self, state->words, state->count, word, few))
			return STATE_NOT;
	}
	if (fl_set_needs_state(&few->set))
		return fl_record_store(state, few->set.at, few->set.count) ? STATE_TAKES : STATE_NOT;
	__atomic_store_n(&state->private, false, __ATOMIC_RELAXED);
	return STATE_FITS;
}

static enum state_way private_takes(struct fl_race_thread *self, struct furlong_race_cell *cell,
	struct fl_race_location *state, uint64_t *word, struct few *few)
{
	uint64_t access = *word;
	enum state_way done;

	if (!few_take(self, state->words, state->count, word, few))
		return STATE_NOT;
	if (few->said && !few->fewer)
		return STATE_TAKES;
	if (few->renewed >= 0) {
		__atomic_store_n(&state->words[few->renewed], *word, __ATOMIC_RELAXED);
		return STATE_TAKES;
	}
	if (!fl_owner_try(self, fl_owner_chunk(cell), false))
		return STATE_NOT;
	done = private_changes(self, state, access, word, few);
	fl_owner_leave(self);
	return done;
}

static bool state_takes(struct fl_race_thread *self, struct furlong_race_cell *cell, uint64_t name,
	uint64_t word, const struct fl_place *place)
{
	struct fl_race_location *state = fl_record_at(name);
	uint64_t stamp = fl_recent_stamp(self);
	enum state_way done = STATE_NOT;
	struct few few;

	if ((uint32_t)__atomic_load_n(&state->alive, __ATOMIC_ACQUIRE) != 1 || !fl_record_lock(state, name))
		return false;
	if (state->count <= FEW) {
		if (place)
			word |= fl_context_of(
				self, fl_context_before(state->words, state->count, word), *place);
		done = state->private ? private_takes(self, cell, state, &word, &few)
				      : public_takes(self, cell, state, &word, &few);
	}
	fl_record_unlock(state);
	if (done == STATE_NOT)
		return false;
	if (done == STATE_FITS)
		return few_fits(self, cell, fl_cell_of(name), word, &few);
	self->dirty |= !few.said;
	fl_past_met(self);
	fl_recent_note(self, cell, word_bytes(word), !word_is_read(word), stamp);
	if (few.renewed >= 0)
		fl_owner_renewed(self, cell, 1);
	return true;
}

bool fl_few_take(struct fl_race_thread *self, struct furlong_race_cell *cell, uint64_t word,
	const struct fl_place *place)
{
	struct furlong_race_cell seen = fl_sys_cell_load(cell);

	if (!fl_race_savings.few)
		return false;
	if (fl_cell_is(seen, FL_SLOT_STATE))
		return state_takes(self, cell, seen.word[0], word, place);
	if (seen.word[0] >= WORD_SPECIAL)
		return false;
	if (place)
		word |= fl_context_of(self, fl_context_before(seen.word, 2, word), *place);
	return words_take(self, cell, seen, word);
}
