/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * test_race_short.c: what is decided at once, on the two words of a cell, or in one pass through a few
 * members, is what the rules for sets make of the same access.
 *
 * Three threads, of which one learns of another now and then, and random accesses to 8 bytes.
 */
#include "unit.h"

#include "race_parts.h"

enum { THREADS = 3, STEPS = 2000000 };

static struct fl_race_thread threads[THREADS];
static uint32_t clocks[THREADS][THREADS + 1];
static uint64_t seed;
static uint32_t context; /* of every access */
static unsigned changed, taken, shrunk;

void fl_report_race(const struct fl_race_found *found)
{
	(void)found;
}

static unsigned roll(unsigned limit)
{
	return roll_from(&seed, limit);
}

static void begin(uint64_t from)
{
	seed = from;
	for (uint32_t i = 0; i < THREADS; i++) {
		memset(clocks[i], 0, sizeof(clocks[i]));
		threads[i] = (struct fl_race_thread){
			.slot = i + 1, .now = 1, .clock = {clocks[i], THREADS + 1, THREADS + 1}};
	}
	memset(fl_past, 0, sizeof(*fl_past) * (THREADS + 1));
}

/* A release that nobody acquires, nor ever can: the next epoch is like this one. */
static void go_on(struct fl_race_thread *self)
{
	self->clock.at[self->slot] = self->now++;
}

/* One releases, another acquires that. */
static void learn(struct fl_race_thread *who, struct fl_race_thread *of)
{
	fl_cuts_add(of, of->now, NULL);
	of->clock.at[of->slot] = of->now++;
	for (unsigned i = 1; i <= THREADS; i++)
		if (who->clock.at[i] < of->clock.at[i])
			who->clock.at[i] = of->clock.at[i];
}

/* What all know of each. */
static void look_at_past(void)
{
	for (unsigned slot = 1; slot <= THREADS; slot++) {
		fl_past[slot] = UINT32_MAX;
		for (unsigned i = 0; i < THREADS; i++)
			if (i + 1 != slot && clocks[i][slot] < fl_past[slot])
				fl_past[slot] = clocks[i][slot];
	}
}

static uint64_t random_word(const struct fl_race_thread *self)
{
	static const uint8_t bytes[] = {0xff, 0x0f, 0xf0, 0x01, 0x02, 0x04, 0x30, 0x80};

	return word_make(fl_epoch_make(self->slot, self->now), bytes[roll(8)], roll(2), context);
}

/* Of reads that others made before as much may stay as there was (fl_short_reads). */
static bool may_stay(uint64_t word, const struct fl_access *access)
{
	return word_is_read(access->word) && word_is_read(word) && word_slot(word) != access->self->slot &&
	       fl_is_ordered(access->self, word);
}

static bool has(const struct fl_set *set, uint64_t word)
{
	for (uint32_t i = 0; i < set->count; i++)
		if (set->at[i] == word)
			return true;
	return false;
}

/* What a write has, and what is past, may stay, too. */
static void check_same(struct fl_set *are, const struct fl_set *by_rules, const struct fl_access *access)
{
	struct fl_set joined, *expected = &joined;

	fl_set_init(&joined);
	fl_set_load(&joined, by_rules->at, by_rules->count);
	fl_set_leave_had(access->self, are, 0);
	fl_set_leave_had(access->self, expected, 0);
	set_leave_past(are);
	set_leave_past(expected);
	for (uint32_t i = 0; i < are->count; i++)
		assert_true(has(expected, are->at[i]) || may_stay(are->at[i], access));
	for (uint32_t i = 0; i < expected->count; i++)
		assert_true(has(are, expected->at[i]) || may_stay(expected->at[i], access));
}

static enum fl_set_change by_rules(const struct fl_set *from, struct fl_set *to, struct fl_access *access)
{
	access->found = 0;
	fl_set_load(to, from->at, from->count);
	return fl_set_apply(to, access);
}

/* In a cell. What it says from then on; false: nothing was decided. */
static bool decided(
	struct fl_set *set, struct fl_set *expected, enum fl_set_change change, struct fl_access *access)
{
	struct furlong_race_cell cell, next;
	enum fl_short_way way;
	struct fl_set are;

	assert_true(fl_cell_encode(set, word_epoch(access->word), &cell));
	/* Who decides at once has asked the first; the own read and the own write may say it together. */
	if (fl_is_said(access->self, cell, access->word) || change == FL_SET_SAME)
		return false;
	way = fl_short_way(access->self, access->word, cell, &next);
	if (way == FL_SHORT_NONE)
		return false;
	assert_int_equal(access->found, 0);
	assert_int_equal(way, FL_SHORT_CHANGE);
	fl_set_init(&are);
	assert_true(fl_cell_members(&next, next, &are));
	fl_set_load(set, are.at, are.count);
	check_same(&are, expected, access);
	changed++;
	return true;
}

/* The access takes the place of that member, and nothing else changes. */
static void check_renewed(const struct fl_set *from, const struct few *few, uint64_t word)
{
	assert_int_equal(few->set.count, from->count);
	for (uint32_t i = 0; i < from->count; i++)
		assert_true(has(&few->set, (int)i == few->renewed ? word : from->at[i]));
	assert_int_equal(word_slot(from->at[few->renewed]), word_slot(word));
	assert_true(word_is_read(from->at[few->renewed]) && word_is_read(word));
}

/* Of few members. */
static void in_one_pass(const struct fl_set *set, struct fl_set *expected, enum fl_set_change change,
	struct fl_access *access)
{
	uint64_t word = access->word;
	struct few few;

	if (!set->count || set->count > FEW || !few_take(access->self, set->at, set->count, &word, &few))
		return;
	assert_int_equal(access->found, 0);
	if (few.renewed >= 0 && !few.said)
		check_renewed(set, &few, word);
	if (few.said)
		assert_int_equal(change, FL_SET_SAME);
	else if (change == FL_SET_CHANGED)
		check_same(&few.set, expected, access);
	taken += set->count > 2;
	shrunk += few.fewer;
}

static void test_what_is_decided_at_once(void **unused)
{
	struct fl_set set, expected;

	(void)unused;
	context = context_make((struct fl_race_context){.size = 8});
	begin(0x9e3779b97f4a7c15u);
	fl_set_init(&set);
	fl_set_init(&expected);
	for (unsigned step = 0; step < STEPS; step++) {
		struct fl_race_thread *self = &threads[roll(THREADS)];
		struct fl_access access = {.self = self, .word = random_word(self)};
		enum fl_set_change change;

		if (roll(2))
			learn(self, &threads[roll(THREADS)]);
		if (!roll(4))
			go_on(self);
		if (!roll(20))
			set.count = 0;
		if (!roll(5))
			look_at_past();
		access.word = random_word(self);
		change = by_rules(&set, &expected, &access);
		in_one_pass(&set, &expected, change, &access);
		if (fl_set_needs_state(&set) || !decided(&set, &expected, change, &access))
			fl_set_load(&set, expected.at, expected.count);
		if (set.count > SET_AT_FIRST / 2 || self->now > FL_CLOCK_LAST / 2)
			begin(seed);
	}
	print_message("%u in cells, %u of more in one pass, %u fewer by then\n", changed, taken, shrunk);
	assert_true(changed > STEPS / 20);
	assert_true(taken > STEPS / 50);
	assert_true(shrunk > STEPS / 100);
}

/* Another thread renews its read by a plain store, as it may until the chunk is changed by who asked for it.
 */
static void test_a_read_is_renewed_meanwhile(void **unused)
{
	struct fl_race_location state = {.words = state.within, .capacity = FL_MEMBERS_WITHIN, .count = 3};
	struct fl_race_thread *self = &threads[0], *other = &threads[1];
	uint64_t access, word, renewed;
	struct few few;

	(void)unused;
	begin(1);
	context = context_make((struct fl_race_context){.size = 8});
	learn(self, other);
	state.words[0] = word_make(fl_epoch_make(other->slot, 1), 0xff, true, context);
	state.words[1] = word_make(fl_epoch_make(self->slot, 1), 0x01, true, context);
	state.words[2] = word_make(fl_epoch_make(self->slot, 1), 0x02, false, context);
	self->now = 2;
	word = access = word_make(fl_epoch_make(self->slot, 2), 0x04, true, context);
	renewed = word_make(fl_epoch_make(other->slot, 2), 0xff, true, context);
	assert_true(few_take(self, state.words, state.count, &word, &few));
	assert_int_equal(few.renewed, -1);
	state.words[0] = renewed;
	assert_int_equal(private_changes(self, &state, access, &word, &few), STATE_TAKES);
	assert_int_equal(state.count, 4);
	assert_int_equal(state.words[0], renewed);
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(test_what_is_decided_at_once),
		cmocka_unit_test(test_a_read_is_renewed_meanwhile)};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
