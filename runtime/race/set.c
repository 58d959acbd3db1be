/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * set.c: the rules, on a set of members. No locks, no cells.
 *
 * An old access leaves the set when a new one makes it redundant: it is ordered before the new one, and
 * whatever races with it races with the new one too. For that the new one must be at least as strong:
 *
 *   plain write    over all;  also over what it races with, which goes on as if ordered
 *   plain read     over reads
 *   atomic write   over atomic ones
 *   atomic read    over atomic reads
 *
 * What is past for everybody (past.h) leaves too, where that may save a state.
 *
 * By the same order an access says nothing new when one of its own epoch is at least as strong, unless it was
 * overtaken: another thread's access came after it that races with the new one too, and did not take its
 * place (an atomic write leaves plain members where they are, a read leaves writes). Members of a set stand
 * in the order in which they came, as far as they share bytes and race.
 */
#include "race/cuts.h"
#include "race/invariants.h"
#include "race/past.h"

void fl_set_init(struct fl_set *set)
{
	set->at = set->first;
	set->count = 0;
	set->capacity = SET_AT_FIRST;
}

void fl_set_free(struct fl_set *set)
{
	if (set->at != set->first)
		fl_pool_give(set->at, set->capacity * sizeof(uint64_t));
}

static bool set_reserve(struct fl_set *set, uint32_t count)
{
	size_t bytes = fl_pool_room(count * sizeof(uint64_t));
	uint64_t *at;

	if (count <= set->capacity)
		return true;
	at = fl_pool_take(bytes);
	if (!at) {
		fl_race_count(FL_COUNT_BLIND);
		return false;
	}
	fl_words_copy(at, set->at, set->count);
	fl_set_free(set);
	set->at = at;
	set->capacity = (uint32_t)(bytes / sizeof(uint64_t));
	return true;
}

bool fl_set_add(struct fl_set *set, uint64_t word)
{
	if (!set_reserve(set, set->count + 1))
		return false;
	set->at[set->count++] = word;
	return true;
}

void fl_set_load(struct fl_set *set, const uint64_t *words, uint32_t count)
{
	set->count = 0;
	if (!set_reserve(set, count))
		return;
	fl_words_copy(set->at, words, count);
	set->count = count;
}

/* All bytes of a member are of one kind. */
bool fl_member_is_atomic(uint64_t word)
{
	return fl_context_get(word_context(word), (unsigned)__builtin_ctz(word_bytes(word) | 0x100u)).what &
	       FL_WHAT_ATOMIC;
}

static bool member_as_strong(uint64_t word, const struct fl_access *access)
{
	if (!word_is_read(access->word) && word_is_read(word))
		return false;
	return access->atomic || !fl_member_is_atomic(word);
}

static const char *set_race_kind(uint32_t before, uint32_t now)
{
	if ((before | now) & FL_WHAT_FREE)
		return "heap-use-after-free";
	return (before | now) & FL_WHAT_VPTR ? "data-race-vptr" : "data-race";
}

/* Where the access that left `byte` in a member began, as far as this cell knows: bytes of one place in the
 * code. */
static unsigned set_first_byte(uint64_t word, unsigned byte, const struct fl_race_context *its)
{
	unsigned last = byte;

	while (byte && word_bytes(word) & 1u << (byte - 1)) {
		struct fl_race_context next = fl_context_get(word_context(word), byte - 1);

		if (next.pc != its->pc || next.node != its->node)
			break;
		byte--;
	}
	/* Elements of an array, each accessed in one place. */
	if (its->size < 8 && last - byte >= its->size)
		byte = last - last % its->size;
	return byte;
}

/* Of the access that came to the byte now. */
static uintptr_t now_begins(const struct fl_access *access, unsigned byte)
{
	uintptr_t at = (access->address & ~(uintptr_t)7) + byte;

	return access->stride ? at - (at - access->origin) % access->stride : access->address;
}

/* A member whose bytes have several contexts stands for several accesses. */
static void set_note_races(uint64_t word, struct fl_access *access, unsigned bytes)
{
	uint32_t last_node = UINT32_MAX;
	const void *last_pc = NULL;

	for (; bytes; bytes &= bytes - 1) {
		unsigned byte = (unsigned)__builtin_ctz(bytes);
		struct fl_race_context before = fl_context_get(word_context(word), byte);
		struct fl_race_context now = fl_context_get(word_context(access->word), byte);

		if ((before.pc == last_pc && before.node == last_node) || access->found == FOUND_LIMIT)
			continue;
		last_pc = before.pc;
		last_node = before.node;
		access->races[access->found++] = (struct fl_race_found){set_race_kind(before.what, now.what),
			{word_epoch(access->word), word_context(access->word), byte,
				!word_is_read(access->word), now_begins(access, byte)},
			{word_epoch(word), word_context(word), byte, !word_is_read(word),
				(access->address & ~(uintptr_t)7) + set_first_byte(word, byte, &before)}};
	}
}

static void set_compare(const struct fl_set *set, struct fl_access *access, uint8_t bytes)
{
	for (uint32_t i = 0; i < set->count; i++) {
		uint64_t word = set->at[i];
		uint8_t common = bytes & word_bytes(word);

		if (!common || (word_is_read(word) && word_is_read(access->word)))
			continue;
		if (fl_is_ordered(access->self, word) || (access->atomic && fl_member_is_atomic(word)))
			continue;
		set_note_races(word, access, common);
	}
}

/* Whether bytes that both touch leave the old member. */
static bool makes_redundant(const struct fl_access *access, uint64_t word)
{
	bool read = word_is_read(access->word);

	if (!access->atomic && !read)
		return true;
	if (read && !word_is_read(word))
		return false;
	return fl_is_ordered(access->self, word) && (!access->atomic || fl_member_is_atomic(word));
}

static void set_strip(struct fl_set *set, const struct fl_access *access)
{
	uint8_t bytes = word_bytes(access->word);
	uint32_t kept = 0;

	for (uint32_t i = 0; i < set->count; i++) {
		uint64_t word = set->at[i];

		if (word_bytes(word) & bytes && makes_redundant(access, word))
			word = word_without(word, bytes);
		if (word_bytes(word))
			set->at[kept++] = word;
	}
	set->count = kept;
}

/* Bytes of the access that a member which came after `member` has too, and races for. */
static uint8_t set_overtaken(const struct fl_set *set, uint32_t member, const struct fl_access *access)
{
	uint8_t bytes = 0;

	for (uint32_t i = member + 1; i < set->count; i++) {
		uint64_t word = set->at[i];
		if (word_bytes(word) & word_bytes(access->word) &&
			!(word_is_read(word) && word_is_read(access->word)) &&
			!fl_is_ordered(access->self, word) && !(access->atomic && fl_member_is_atomic(word)))
			bytes |= word_bytes(word);
	}
	return bytes;
}

static void set_join(struct fl_set *set, const struct fl_access *access)
{
	uint64_t new = access->word;
	uint8_t bytes = word_bytes(new);

	for (uint32_t i = 0; i < set->count; i++) {
		uint64_t old = set->at[i];
		uint32_t context;

		if (!word_same_member(old, new) || fl_member_is_atomic(old) != access->atomic ||
			set_overtaken(set, i, access))
			continue;
		context = fl_context_compose(word_context(new), bytes, word_context(old), word_bytes(old));
		if (!context && word_context(new))
			continue;
		set->at[i] = word_make(word_epoch(new), bytes | word_bytes(old), word_is_read(new), context);
		return;
	}
	fl_set_add(set, new);
}

static void set_take_out(struct fl_set *set, uint32_t at)
{
	set->count--;
	for (; at < set->count; at++)
		set->at[at] = set->at[at + 1];
}

static void set_leave_past(struct fl_set *set)
{
	uint32_t kept = 0;

	for (uint32_t i = 0; i < set->count; i++)
		if (!fl_is_past(set->at[i]))
			set->at[kept++] = set->at[i];
	set->count = kept;
}

/* Where somebody's access that races stands between the two, each of them says something of its own. */
void fl_set_leave_had(const struct fl_race_thread *self, struct fl_set *set, fl_epoch now)
{
	for (uint32_t i = 0; i < set->count; i++)
		if (!fl_is_ordered(self, set->at[i]))
			return;
	for (uint32_t write = 0; write < set->count; write++)
		for (uint32_t read = set->count; read--;)
			if (word_epoch(set->at[read]) != now &&
				fl_write_has_read(self, set->at[write], set->at[read]) &&
				fl_member_is_atomic(set->at[write]) == fl_member_is_atomic(set->at[read])) {
				set_take_out(set, read);
				write -= read < write;
			}
}

enum fl_set_change fl_set_apply(struct fl_set *set, struct fl_access *access)
{
	uint8_t uncovered = word_bytes(access->word);

	for (uint32_t i = 0; i < set->count; i++)
		if (word_epoch(set->at[i]) == word_epoch(access->word) &&
			member_as_strong(set->at[i], access))
			uncovered &= (uint8_t) ~(word_bytes(set->at[i]) & ~set_overtaken(set, i, access));
	if (!uncovered)
		return FL_SET_SAME;
	set_compare(set, access, uncovered);
	set_strip(set, access);
	set_join(set, access);
	if (fl_set_needs_state(set) && fl_cuts_are_few(access->self))
		fl_set_leave_had(access->self, set, word_epoch(access->word));
	if (fl_set_needs_state(set)) {
		fl_past_met(access->self);
		set_leave_past(set);
	}
	fl_check_set(set, access);
	return FL_SET_CHANGED;
}

void fl_set_forget(struct fl_set *set, uint8_t bytes)
{
	uint32_t kept = 0;

	for (uint32_t i = 0; i < set->count; i++) {
		uint64_t word = word_without(set->at[i], bytes);
		if (word_bytes(word))
			set->at[kept++] = word;
	}
	set->count = kept;
}

void fl_set_sort(struct fl_set *set)
{
	for (uint32_t i = 1; i < set->count; i++) {
		uint64_t word = set->at[i];
		uint32_t at = i;

		for (; at && set->at[at - 1] > word; at--)
			set->at[at] = set->at[at - 1];
		set->at[at] = word;
	}
}
