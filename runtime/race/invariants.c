/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * invariants.c: invariants.h.
 */
#include "race/invariants.h"

#ifdef FL_CHECKED

static void check_member(const struct fl_access *access, uint64_t word)
{
	FL_CHECK(word < WORD_SPECIAL);
	FL_CHECK(word_bytes(word));
	FL_CHECK(fl_epoch_clock(word_epoch(word)) > 0);
	FL_CHECK(word_slot(word) != access->self->slot ||
		 fl_epoch_clock(word_epoch(word)) <= access->self->now);
	FL_CHECK(fl_race_person_at(word_epoch(word)));
	for (uint8_t bytes = word_bytes(word); bytes; bytes &= (uint8_t)(bytes - 1)) {
		struct fl_race_context context =
			fl_context_get(word_context(word), (unsigned)__builtin_ctz(bytes));
		FL_CHECK(!word_context(word) || context.pc);
	}
}

/* A plain write takes its bytes out of all others, so that no byte has two. */
static void check_writes(const struct fl_set *set)
{
	uint8_t written = 0;

	for (uint32_t i = 0; i < set->count; i++) {
		uint64_t word = set->at[i];

		if (word_is_read(word) || fl_member_is_atomic(word))
			continue;
		FL_CHECK(!(written & word_bytes(word)));
		written |= word_bytes(word);
	}
}

void fl_check_set(const struct fl_set *set, const struct fl_access *access)
{
	uint8_t bytes = word_bytes(access->word), missing = bytes;

	for (uint32_t i = 0; i < set->count; i++) {
		uint64_t word = set->at[i];
		bool own = word_epoch(word) == word_epoch(access->word);

		check_member(access, word);
		if (own && (word_is_read(access->word) || !word_is_read(word)) &&
			(access->atomic || !fl_member_is_atomic(word)))
			missing &= (uint8_t)~word_bytes(word);
	}
	FL_CHECK(!missing || fl_race_blind);
	check_writes(set);
}

void fl_check_learned(const struct fl_race_thread *thread, const struct fl_clock *clock)
{
	FL_CHECK(fl_clock_get(clock, thread->slot) <= thread->now);
}

void fl_check_thread(const struct fl_race_thread *thread)
{
	uint32_t own = fl_clock_get(&thread->clock, thread->slot);

	FL_CHECK(thread->slot < FL_SLOT_USABLE);
	FL_CHECK(thread->now && thread->now <= FL_CLOCK_LIMIT - 1);
	FL_CHECK(own == thread->now - 1 || own == thread->now ||
		 fl_race_blind); /* the same: no further epoch was left */
	if (thread != fl_race_self_thread || !fl_race_concurrent || fl_race_blind)
		return;
	FL_CHECK(__furlong_race_self.epoch >> FURLONG_RACE_EPOCH_SHIFT ==
		 (thread->ignore_reads_and_writes & FL_RESTS ? 0 : fl_epoch_make(thread->slot, thread->now)));
}

#endif
