/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * state.c: records: sets of members outside of the cells, by number.
 *
 * A record's memory stays a record for ever, so a number that was read from a cell can be looked at at any
 * time; its generation tells whether it still is what the cell named.
 */
#include "race/cell.h"

#define RECORD_PATIENCE FL_TINY(64, 2)

struct fl_race_location *fl_record_chunks[FL_RECORD_CHUNKS];
static uint32_t record_count, record_free; /* number + 1 */
static struct fl_lock record_lock;

bool fl_state_is_private(uint64_t word)
{
	return __atomic_load_n(&fl_record_at(word)->private, __ATOMIC_ACQUIRE);
}

static struct fl_race_location *record_new(void)
{
	uint32_t number = record_count;
	struct fl_race_location **chunk = &fl_record_chunks[number >> FL_RECORD_CHUNK_LOG2];

	if (number >> FL_RECORD_CHUNK_LOG2 >= FL_RECORD_CHUNKS)
		return NULL;
	if (!*chunk)
		*chunk = fl_pool_map(sizeof(struct fl_race_location) << FL_RECORD_CHUNK_LOG2);
	if (!*chunk)
		return NULL;
	record_count++;
	*fl_record_at(number) = (struct fl_race_location){
		.number = number, .words = fl_record_at(number)->within, .capacity = FL_MEMBERS_WITHIN};
	return fl_record_at(number);
}

static struct fl_race_location *record_take(void)
{
	struct fl_race_location *record;

	fl_lock_take(&record_lock);
	if (record_free) {
		record = fl_record_at(record_free - 1);
		record_free = record->next_free;
	} else {
		record = record_new();
	}
	fl_lock_drop(&record_lock);
	return record;
}

static void record_give(struct fl_race_location *record)
{
	fl_lock_take(&record_lock);
	record->next_free = record_free;
	record_free = record->number + 1;
	fl_lock_drop(&record_lock);
}

static uint32_t word_generation(uint64_t word)
{
	return fl_epoch_clock(word_epoch(word));
}

static bool record_is(uint64_t alive, uint64_t word)
{
	return (uint32_t)alive && ((alive >> 32) & (FL_CLOCK_LIMIT - 1)) == word_generation(word);
}

static void record_give_words(struct fl_race_location *record)
{
	if (record->words != record->within)
		fl_pool_give(record->words, record->capacity * sizeof(uint64_t));
	record->words = record->within;
	record->capacity = FL_MEMBERS_WITHIN;
}

bool fl_record_store(struct fl_race_location *record, const uint64_t *words, uint32_t count)
{
	size_t bytes = fl_pool_room(count * sizeof(uint64_t));
	uint64_t *at;

	if (count > record->capacity) {
		at = bytes / sizeof(uint64_t) <= UINT16_MAX ? fl_pool_take(bytes) : NULL;
		if (!at) {
			fl_race_count(FL_COUNT_BLIND);
			return false;
		}
		record_give_words(record);
		record->words = at;
		record->capacity = (uint16_t)(bytes / sizeof(uint64_t));
	}
	fl_words_copy(record->words, words, count);
	record->count = (uint16_t)count;
	return true;
}

/* Held for a few instructions, and for the program's own one where it synchronises, so nobody waits in the
 * kernel to be woken up: giving it back is a plain store. */
static void record_lock_wait(const struct fl_race_location *record, unsigned round)
{
	for (unsigned left = RECORD_PATIENCE; left; left--)
		if (!__atomic_load_n(&record->lock, __ATOMIC_RELAXED))
			return;
	if (round % RECORD_PATIENCE)
		fl_sys_yield();
	else
		fl_sys_nap(); /* its thread may be one that does not come before this one */
}

static inline void record_lock_take(struct fl_race_location *record)
{
	uint32_t free = 0;

	for (unsigned round = 1; !__atomic_compare_exchange_n(
		     &record->lock, &free, 1, false, __ATOMIC_ACQUIRE, __ATOMIC_RELAXED);
		round++) {
		record_lock_wait(record, round);
		free = 0;
	}
}

void fl_record_unlock(struct fl_race_location *record)
{
	__atomic_store_n(&record->lock, 0, __ATOMIC_RELEASE);
}

/* Somebody with a stale word may just have its lock, to find out that it is stale. */
struct fl_race_location *fl_record_make(const uint64_t *words, uint32_t count)
{
	struct fl_race_location *record = record_take();
	bool stored;

	if (!record)
		return NULL;
	record_lock_take(record);
	stored = fl_record_store(record, words, count);
	record->private = false;
	record->changes = 0;
	if (stored)
		__atomic_store_n(&record->alive, ((record->alive >> 32) + 1) << 32 | 1, __ATOMIC_RELEASE);
	fl_record_unlock(record);
	if (stored)
		return record;
	record_give(record);
	return NULL;
}

bool fl_record_lock(struct fl_race_location *record, uint64_t word)
{
	record_lock_take(record);
	if (record_is(__atomic_load_n(&record->alive, __ATOMIC_ACQUIRE), word))
		return true;
	fl_record_unlock(record);
	return false;
}

bool fl_record_refer(uint64_t word, uint32_t count)
{
	struct fl_race_location *record = fl_record_at(word);
	uint64_t alive = __atomic_load_n(&record->alive, __ATOMIC_ACQUIRE);

	do {
		if (!record_is(alive, word) || (uint32_t)alive > UINT32_MAX - count)
			return false;
	} while (!__atomic_compare_exchange_n(
		&record->alive, &alive, alive + count, true, __ATOMIC_ACQ_REL, __ATOMIC_ACQUIRE));
	return true;
}

/* Nobody can come to refer to it once no cell does; who still reads it has the lock. */
void fl_record_drop(uint64_t word, uint32_t count)
{
	struct fl_race_location *record = fl_record_at(word);

	FL_CHECK((uint32_t)__atomic_load_n(&record->alive, __ATOMIC_ACQUIRE) >= count);
	if ((uint32_t)__atomic_sub_fetch(&record->alive, count, __ATOMIC_ACQ_REL))
		return;
	record_lock_take(record);
	record_give_words(record);
	record->count = 0;
	fl_location_free_objects(record);
	fl_record_unlock(record);
	record_give(record);
}

/* A lock that is held belonged to a thread that stayed behind, in the middle of a change. */
void fl_record_fork_child(void)
{
	record_lock.word = 0;
	for (uint32_t i = 0; i < record_count; i++) {
		struct fl_race_location *record = fl_record_at(i);
		if (!record->lock)
			continue;
		record->lock = 0;
		record->count = 0;
		record->objects = NULL;
		record->version = (record->version | 1) + 1;
	}
}

/* ---- states, by what they hold ----------------------------------------------------------------------- */

#define STATE_TABLE_LOG2 FL_TINY(14, 1)

/* Made lately. Not referred to: the generation tells whether it still lives. */
static uint64_t state_table[1u << STATE_TABLE_LOG2];

static uint64_t *state_entry(const struct fl_set *set)
{
	uint64_t hash = 0;

	for (uint32_t i = 0; i < set->count; i++)
		hash = (hash ^ set->at[i]) * 0x9e3779b97f4a7c15u ^ hash >> 29;
	return &state_table[hash >> (64 - STATE_TABLE_LOG2)];
}

static bool state_holds(uint64_t state, const struct fl_set *set)
{
	struct fl_race_location *record = fl_record_at(state);
	uint32_t i = 0;

	if (!fl_record_lock(record, state))
		return false;
	if (record->count == set->count)
		while (i < set->count && record->words[i] == set->at[i])
			i++;
	fl_record_unlock(record);
	return i == set->count;
}

/* With a reference nobody changes it any more. */
uint64_t fl_state_find(struct fl_set *set)
{
	uint64_t state;

	fl_set_sort(set);
	state = __atomic_load_n(state_entry(set), __ATOMIC_ACQUIRE);
	if (!state || !fl_record_refer(state, 1))
		return 0;
	if (state_holds(state, set))
		return state;
	fl_record_drop(state, 1);
	return 0;
}

void fl_state_offer(const struct fl_set *set, uint64_t state)
{
	__atomic_store_n(state_entry(set), state, __ATOMIC_RELEASE);
}

uint64_t fl_state_for(struct fl_set *set)
{
	uint64_t state = fl_state_find(set);
	struct fl_race_location *record;

	if (state)
		return state;
	record = fl_record_make(set->at, set->count);
	if (!record)
		return 0;
	state = fl_record_name(record, FL_SLOT_STATE);
	fl_state_offer(set, state);
	return state;
}

/* ---- cells ------------------------------------------------------------------------------------------- */

bool fl_state_is_public(struct furlong_race_cell *cell, struct fl_race_location *state)
{
	if (!state->private)
		return true;
	__atomic_store_n(&state->private, false, __ATOMIC_RELAXED);
	fl_record_unlock(state);
	fl_cell_settle(cell);
	return false;
}

bool fl_state_rename(struct furlong_race_cell *cell, struct furlong_race_cell seen,
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

bool fl_cell_members(struct furlong_race_cell *cell, struct furlong_race_cell seen, struct fl_set *set)
{
	uint64_t first = seen.word[0], second = seen.word[1];
	struct fl_race_location *record;

	if (fl_cell_is(seen, FL_SLOT_STATE)) {
		record = fl_record_at(first);
		if (!fl_record_lock(record, first) || !fl_state_is_public(cell, record))
			return false;
		fl_set_load(set, record->words, record->count);
		fl_record_unlock(record);
		return true;
	}
	set->count = 0;
	if (first)
		set->at[set->count++] = first;
	if (second && second != first && second < WORD_SPECIAL)
		set->at[set->count++] = second;
	return true;
}

bool fl_set_needs_state(const struct fl_set *set)
{
	return set->count > 2;
}

bool fl_cell_encode(struct fl_set *set, fl_epoch own, struct furlong_race_cell *cell)
{
	uint64_t a = set->count ? set->at[0] : 0, b = set->count > 1 ? set->at[1] : 0;
	uint64_t state;

	if (fl_set_needs_state(set)) {
		state = fl_state_for(set);
		*cell = fl_cell_of(state);
		return state;
	}
	if (set->count == 1)
		b = word_is_read(a) ? 0 : a;
	/* Of two of a kind that of the present epoch comes where inline code looks for it. */
	if (word_is_read(a) && word_is_read(b)
			? word_epoch(a) == own
			: word_is_read(a) || (!word_is_read(b) && word_epoch(b) == own))
		*cell = (struct furlong_race_cell){{b, a}};
	else
		*cell = (struct furlong_race_cell){{a, b}};
	return true;
}

bool fl_cell_replace(
	struct furlong_race_cell *cell, struct furlong_race_cell seen, struct furlong_race_cell new)
{
	if (fl_cell_is(new, FL_SLOT_STATE))
		fl_shadow_note(cell);
	if (!fl_cell_change(cell, seen, new)) {
		if (fl_cell_is(new, FL_SLOT_STATE))
			fl_record_drop(new.word[0], 1);
		return false;
	}
	if (fl_cell_is(seen, FL_SLOT_STATE))
		fl_record_drop(seen.word[0], 1);
	return true;
}
