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

#define MEMO_COUNT 64

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

	return &self->memo[hash >> 58];
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

/* The state, with a reference; 0: not remembered. */
static uint64_t memo_get(struct fl_race_thread *self, struct furlong_race_cell old, uint64_t word)
{
	struct fl_race_memo *memo;

	if (!self->memo)
		return 0;
	memo = memo_entry(self, old, word);
	if (memo->word != word || memo->old.word[0] != old.word[0] || memo->old.word[1] != old.word[1])
		return 0;
	return fl_record_refer(memo->state) ? memo->state : 0;
}

/* From now on inline code takes cells with this state for read, if they are. */
static void note_shared(struct fl_race_thread *self, const struct fl_set *set, uint64_t state)
{
	fl_epoch own = fl_epoch_make(self->slot, self->now);

	for (uint32_t i = 0; i < set->count; i++)
		if (word_epoch(set->at[i]) == own && word_bytes(set->at[i]) == 0xff)
			__furlong_race_self.shared = state;
}

enum short_way {
	SHORT_NONE, /* more than these rules is needed */
	SHORT_SAME,
	SHORT_CHANGE,
};

/* The member is before the access, and the access touches all of its bytes. */
static bool gives_way(const struct fl_access *access, uint64_t member)
{
	return !(word_bytes(member) & ~word_bytes(access->word)) && fl_is_ordered(access->self, member);
}

/* A member of the access's own epoch and kind takes its bytes in. False: no context is left. */
static bool short_union(uint64_t old, uint64_t new, uint64_t *both)
{
	uint8_t bytes = word_bytes(new), known = word_bytes(old);
	uint32_t context = fl_context_compose(word_context(new), bytes, word_context(old), known);

	*both = word_make(word_epoch(new), bytes | known, word_is_read(new), context);
	return context || !word_context(new);
}

static enum short_way short_write(
	const struct fl_access *access, struct furlong_race_cell seen, struct furlong_race_cell *next)
{
	uint64_t a = seen.word[0], b = seen.word[1], word = access->word;

	if (a && b == a && word_same_member(a, word)) {
		if (!short_union(a, word, &word))
			return SHORT_NONE;
	} else if ((a && !gives_way(access, a)) || (b && b != a && !gives_way(access, b))) {
		return SHORT_NONE;
	}
	*next = fl_cell_of(word);
	return SHORT_CHANGE;
}

static enum short_way short_read(
	const struct fl_access *access, struct furlong_race_cell seen, struct furlong_race_cell *next)
{
	uint64_t a = seen.word[0], b = seen.word[1], word = access->word;

	if (word_is_read(a) || (a && !fl_is_ordered(access->self, a)))
		return SHORT_NONE;
	if (a && word_epoch(a) == word_epoch(word) && !(word_bytes(word) & ~word_bytes(a)))
		return SHORT_SAME;
	if (b && b != a && word_same_member(b, word)) {
		if (!short_union(b, word, &word))
			return SHORT_NONE;
	} else if (b && b != a && (!word_is_read(b) || !gives_way(access, b))) {
		return SHORT_NONE;
	}
	*next = (struct furlong_race_cell){{a, word}};
	return SHORT_CHANGE;
}

/* Plain accesses to cells of plain members. */
static enum short_way short_way(
	const struct fl_access *access, struct furlong_race_cell seen, struct furlong_race_cell *next)
{
	return word_is_read(access->word) ? short_read(access, seen, next) : short_write(access, seen, next);
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

/* A state that this cell alone refers to changes where it is. False: look again. */
static bool change_in_place(struct furlong_race_cell *cell, struct furlong_race_cell seen,
	struct fl_race_location *state, struct fl_set *set, struct fl_access *access)
{
	uint64_t alive = __atomic_load_n(&state->alive, __ATOMIC_ACQUIRE);
	struct furlong_race_cell next;
	bool done;

	if ((uint32_t)alive != 1 ||
		!__atomic_compare_exchange_n(&state->alive, &alive, alive + ((uint64_t)1 << 32), false,
			__ATOMIC_ACQ_REL, __ATOMIC_ACQUIRE))
		return false;
	next = fl_cell_of(fl_record_name(state, FL_SLOT_STATE));
	done = fl_sys_cell_change(cell, seen, next);
	if (!done)
		return false;
	fl_record_store(state, set->at, set->count);
	access->self->dirty = true;
	note_shared(access->self, set, next.word[0]);
	return true;
}

static bool access_own_state(struct furlong_race_cell *cell, struct furlong_race_cell seen,
	struct fl_set *set, struct fl_access *access)
{
	struct fl_race_location *state = fl_record_at(seen.word[0]);
	bool done;

	access->found = 0;
	if (!fl_record_lock(state, seen.word[0]))
		return false;
	fl_set_load(set, state->words, state->count);
	if (fl_set_apply(set, access) == FL_SET_SAME) {
		note_shared(access->self, set, seen.word[0]);
		done = true;
	} else if (fl_set_needs_state(set) &&
		   (uint32_t)__atomic_load_n(&state->alive, __ATOMIC_ACQUIRE) == 1) {
		done = change_in_place(cell, seen, state, set, access);
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
	uint64_t state = memo_get(access->self, seen, access->word);

	if (!state || !fl_cell_replace(cell, seen, fl_cell_of(state)))
		return false;
	access->self->dirty = true;
	if (word_is_read(access->word) && word_bytes(access->word) == 0xff)
		__furlong_race_self.shared = state;
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
	struct furlong_race_cell seen, next;

	access->found = 0;
	for (;;) {
		enum short_way way = SHORT_NONE;

		seen = fl_sys_cell_load(cell);
		if (seen.word[0] < WORD_SPECIAL && seen.word[1] < WORD_SPECIAL && !access->atomic)
			way = short_way(access, seen, &next);
		if (way == SHORT_SAME)
			return;
		if (way == SHORT_NONE)
			break;
		if (fl_sys_cell_change(cell, seen, next)) {
			access->self->dirty = true;
			return;
		}
	}
	access_otherwise(cell, seen, access);
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

/* The record of the calling thread, if the access counts; the caller is inside the runtime from then on. */
struct fl_race_thread *fl_access_enter(void)
{
	struct fl_race_thread *self = fl_race_self_thread;

	if (!self || !fl_race_concurrent)
		return NULL;
	if (fl_race_depth) {
		self->counts[FL_COUNT_IN_SIGNAL]++;
		return NULL;
	}
	if (self->ignore_reads_and_writes)
		return NULL;
	fl_race_depth = 1;
	__asm__ volatile("" ::: "memory");
	return self;
}

void fl_access_leave(void)
{
	__asm__ volatile("" ::: "memory");
	fl_race_leave();
}

void fl_race_slow(const volatile void *address, const void *caller, const void *pc, uint32_t spec)
{
	struct fl_race_thread *self = fl_access_enter();
	uint32_t size = spec & FL_SPEC_SIZE;
	bool write = spec & FL_SPEC_WRITE;
	uint8_t bytes = size == 16 ? 0xff : (uint8_t)(((1u << size) - 1) << ((uintptr_t)address & 7));
	struct furlong_race_cell *cell = fl_shadow_cell(address);
	struct fl_access access;
	uint64_t stamp;

	if (!self)
		return;
	self->counts[FL_COUNT_SLOW]++;
	if (size < 16 && fl_recent_has(self, cell, bytes, write)) {
		fl_access_leave();
		return;
	}
	stamp = fl_recent_stamp(self);
	access.self = self;
	access.address = (uintptr_t)address;
	access.atomic = false;
	access.word = word_make(fl_epoch_make(self->slot, self->now), bytes, !write,
		fl_context_here(pc, caller, size, spec >> FL_SPEC_WHAT_SHIFT));
	fl_cell_access(cell, &access);
	if (size == 16) {
		access.address += 8;
		fl_cell_access(cell + 1, &access);
	} else {
		fl_recent_note(self, cell, bytes, write, stamp);
	}
	fl_access_leave();
}
