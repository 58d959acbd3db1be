/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * short.h: the frequent cases of a plain access, decided on the two words of its cell alone.
 */
#ifndef FL_RACE_SHORT_H
#define FL_RACE_SHORT_H

#include "race/cuts.h"

/* What the two words of a cell alone say about a plain access. */
enum fl_short_way {
	FL_SHORT_NONE, /* more than these rules is needed */
	FL_SHORT_SAME, /* nothing new */
	FL_SHORT_CHANGE,
};

/* The member is before the access, and the access touches all of its bytes. */
static inline bool fl_gives_way(const struct fl_race_thread *self, uint64_t word, uint64_t member)
{
	return !(word_bytes(member) & ~word_bytes(word)) && fl_is_ordered(self, member);
}

/* An access of the same epoch is as strong, and touches all of these bytes. */
static inline __attribute__((always_inline)) bool fl_says_it(uint64_t word, uint64_t member)
{
	return word_epoch(member) == word_epoch(word) && !(word_bytes(word) & ~word_bytes(member)) &&
	       (word_is_read(word) || !word_is_read(member));
}

/* A member of the access's own epoch and kind takes its bytes in. False: no context is left. */
bool fl_short_union(uint64_t old, uint64_t new, uint64_t *both);

/* What a read leaves of another one. */
static inline uint64_t fl_left_by_read(const struct fl_race_thread *self, uint64_t word, uint64_t read)
{
	if (read && fl_is_ordered(self, read))
		read = word_without(read, word_bytes(word));
	return word_bytes(read) ? read : 0;
}

/* The thread's access to these bytes, and another one of the same kind. */
static inline bool fl_is_again(uint64_t old, uint64_t new)
{
	const uint64_t clock = (uint64_t)(FL_CLOCK_LIMIT - 1) << FURLONG_RACE_EPOCH_SHIFT;

	return !((old ^ new) & ~(clock | WORD_CONTEXT));
}

/* Of reads: a word that the thread alone puts there. */
static inline bool fl_is_renewed(uint64_t old, uint64_t new)
{
	return fl_is_again(old, new) && word_is_read(new);
}

/* A read comes to one or two others. */
static inline enum fl_short_way fl_short_reads(const struct fl_race_thread *self, uint64_t word,
	struct furlong_race_cell seen, struct furlong_race_cell *next)
{
	uint64_t a = seen.word[0], b = seen.word[1];

	for (int i = 0; i < 2; i++) {
		uint64_t *old = i ? &b : &a;

		if (!*old || word_slot(*old) != self->slot)
			continue;
		if (!word_same_member(*old, word)) {
			*old = fl_left_by_read(self, word, *old);
			continue;
		}
		if (!fl_short_union(*old, word, &word))
			return FL_SHORT_NONE;
		*old = 0;
	}
	/* Another's stays where it is, also when it came before: he will come again. */
	if (a && b) {
		a = fl_left_by_read(self, word, a);
		b = fl_left_by_read(self, word, b);
	}
	*next = b ? (struct furlong_race_cell){{word, b}} : (struct furlong_race_cell){{a, word}};
	return a && b ? FL_SHORT_NONE : FL_SHORT_CHANGE;
}

/* What a write leaves of another member; the thread races with it for none of their bytes. */
static inline bool fl_left_by_write(const struct fl_race_thread *self, uint64_t word, uint64_t *member)
{
	if (!(word_bytes(*member) & word_bytes(word)))
		return true;
	if (!fl_is_ordered(self, *member))
		return false;
	*member = word_without(*member, word_bytes(word));
	return true;
}

/* A write comes to one or two members: those of its own epoch grow, the others shrink, and at most one is
 * left beside it. */
static inline enum fl_short_way fl_short_writes(const struct fl_race_thread *self, uint64_t word,
	struct furlong_race_cell seen, struct furlong_race_cell *next)
{
	uint64_t members[] = {seen.word[0], seen.word[1] == seen.word[0] ? 0 : seen.word[1]};
	uint64_t own = word, left = 0;

	if (members[1] && fl_write_has_read(self, members[0], members[1]))
		members[1] = 0;
	for (int i = 0; i < 2; i++) {
		if (!members[i])
			continue;
		if (word_same_member(members[i], word)) {
			if (!fl_short_union(members[i], own, &own))
				return FL_SHORT_NONE;
			continue;
		}
		if (!fl_left_by_write(self, word, &members[i]) || (left && word_bytes(members[i])))
			return FL_SHORT_NONE;
		left = word_bytes(members[i]) ? members[i] : left;
	}
	*next = (struct furlong_race_cell){{own, left ? left : own}};
	return FL_SHORT_CHANGE;
}

static inline __attribute__((always_inline)) enum fl_short_way fl_short_way(const struct fl_race_thread *self,
	uint64_t word, struct furlong_race_cell seen, struct furlong_race_cell *next)
{
	uint64_t a = seen.word[0], b = seen.word[1];

	if (a >= WORD_SPECIAL || b >= WORD_SPECIAL)
		return FL_SHORT_NONE;
	if (!word_is_read(word))
		return fl_short_writes(self, word, seen, next);
	*next = (struct furlong_race_cell){{a, word}};
	if (!(a | b))
		return FL_SHORT_CHANGE;
	if ((a && fl_says_it(word, a)) || (b && fl_says_it(word, b)))
		return FL_SHORT_SAME;
	if (!a || word_is_read(a))
		return fl_short_reads(self, word, seen, next);
	if (!fl_is_ordered(self, a))
		return FL_SHORT_NONE;
	if (b && b != a && word_same_member(b, word)) {
		if (!fl_short_union(b, word, &word))
			return FL_SHORT_NONE;
		*next = (struct furlong_race_cell){{a, word}};
		return FL_SHORT_CHANGE;
	}
	if (b && b != a &&
		(!word_is_read(b) || !(fl_gives_way(self, word, b) || fl_write_has_read(self, a, b))))
		return FL_SHORT_NONE;
	return FL_SHORT_CHANGE;
}

/* The word of the cell that alone is changed, where that needs no look at the other one: as long as the
 * thread's older read is there, no write came to its bytes. -1: both have to be changed at once. */
static inline int fl_word_renewed(struct furlong_race_cell seen, struct furlong_race_cell next)
{
	for (int i = 0; i < 2; i++)
		if (seen.word[!i] == next.word[!i] && fl_is_renewed(seen.word[i], next.word[i]))
			return i;
	return -1;
}

/* The cell has the access in this epoch already. */
static inline bool fl_is_said(struct fl_race_thread *self, struct furlong_race_cell seen, uint64_t word)
{
	uint64_t a = seen.word[0], b = seen.word[1];

	if (fl_cell_is(seen, FL_SLOT_STATE))
		return fl_is_known(self, a, word);
	return a < WORD_SPECIAL &&
	       (fl_says_it(word, a) || (word_is_read(word) && b < WORD_SPECIAL && fl_says_it(word, b)));
}

/* What the thread did in this epoch already, as far as the inline code did not see it; from now on it does,
 * where it can. */
static inline __attribute__((always_inline)) bool fl_is_noticed(
	struct fl_race_thread *self, struct furlong_race_cell seen, uint64_t word)
{
	if (!fl_is_said(self, seen, word))
		return false;
	if (fl_cell_is(seen, FL_SLOT_STATE) && word_bytes(word) == 0xff)
		__furlong_race_self.shared = seen.word[0];
	return true;
}

/* At once, on the words of the cell alone; false: not that simple. */
static inline __attribute__((always_inline)) bool fl_access_at_once(
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
	return way == FL_SHORT_SAME || (fl_cell_is(seen, FL_SLOT_STATE) && fl_is_noticed(self, seen, word));
}

#endif
