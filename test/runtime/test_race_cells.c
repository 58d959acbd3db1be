/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * test_race_cells.c: cells lose nothing when real threads are at them at the same time.
 */
#include "unit.h"

#include "race_parts.h"

#include <pthread.h>

enum { THREADS = 4, CELLS = 128, ROUNDS = 300 };

static uint64_t data[CELLS];
static struct fl_thread cores[THREADS + 1];
static struct fl_race_thread *races[THREADS];
static fl_epoch last_epoch[THREADS];
static unsigned reported, present;

void fl_report_race(const struct fl_race_found *found)
{
	(void)found;
	__atomic_fetch_add(&reported, 1, __ATOMIC_RELAXED);
}

enum work {
	ALL_READ,
	ALL_READ_IN_PARTS,
	TWO_READ,
	TWO_READ_TWO_WRITE,
	EACH_WRITES_ITS_BYTE,
	READ_AND_START_ANEW
};
static enum work work;

static void meet(unsigned round)
{
	__atomic_fetch_add(&present, 1, __ATOMIC_ACQ_REL);
	while (__atomic_load_n(&present, __ATOMIC_ACQUIRE) < (round + 1) * THREADS)
		sched_yield();
}

static void one_round(unsigned me, struct fl_race_thread *self, unsigned round)
{
	bool part = work == ALL_READ_IN_PARTS && round % 4 == me && round + 1 < ROUNDS;

	for (unsigned i = 0; i < CELLS; i++) {
		unsigned cell = (i + me * 7) % CELLS;
		if (work == TWO_READ && me >= 2)
			break;
		if (work == EACH_WRITES_ITS_BYTE || (work == TWO_READ_TWO_WRITE && me >= 2))
			fl_race_slow((char *)&data[cell] + me, NULL, cores + me, 1 | FL_SPEC_WRITE);
		else
			fl_race_slow(&data[cell], NULL, cores + me,
				work == TWO_READ_TWO_WRITE ? 2
				: part                     ? 4
							   : 8);
		if (work == READ_AND_START_ANEW && cell % 16 == me)
			fl_shadow_reset(&data[cell], 8);
	}
	last_epoch[me] = fl_epoch_make(self->slot, self->now);
	fl_race_depth = 1;
	fl_race_advance(self);
	fl_race_depth = 0;
}

static void *run(void *arg)
{
	unsigned me = (unsigned)(uintptr_t)arg;

	fl_race_thread_start(races[me]);
	for (unsigned round = 0; round < ROUNDS; round++) {
		if (round % 16 == 0)
			meet(round / 16);
		one_round(me, races[me], round);
	}
	return NULL;
}

/* `then`: before it is known that they ended. */
static void run_threads_then(enum work what, void (*then)(void))
{
	pthread_t threads[THREADS];

	work = what;
	reported = present = 0;
	fl_shadow_reset(data, sizeof(data));
	for (unsigned i = 0; i < THREADS; i++) {
		cores[i + 1] = (struct fl_thread){.index = i + 1};
		races[i] = fl_race_thread_prepare(&cores[i + 1], 0);
	}
	for (unsigned i = 0; i < THREADS; i++)
		assert_int_equal(pthread_create(&threads[i], NULL, run, (void *)(uintptr_t)i), 0);
	for (unsigned i = 0; i < THREADS; i++)
		pthread_join(threads[i], NULL);
	if (then)
		then();
	for (unsigned i = 0; i < THREADS; i++) {
		fl_race_thread_joined(races[i]);
		fl_race_thread_gone(races[i]);
	}
}

static void run_threads(enum work what)
{
	run_threads_then(what, NULL);
}

/* Cells that refer to each record, for the caller to free. */
static uint32_t *count_references(void)
{
	uint32_t *seen = calloc(record_count + 1, sizeof(*seen));

	for (unsigned i = 0; i < CELLS; i++) {
		struct furlong_race_cell cell = fl_sys_cell_load(fl_shadow_cell(&data[i]));
		if (fl_cell_is(cell, FL_SLOT_STATE))
			seen[(uint32_t)cell.word[0]]++;
	}
	return seen;
}

/* Each living state is referred to by as many cells as it says. */
static void check_references(void)
{
	uint32_t *seen = count_references();

	for (uint32_t i = 0; i < record_count; i++)
		assert_int_equal((uint32_t)fl_record_at(i)->alive, seen[i]);
	free(seen);
}

/* None is given back while a cell still refers to it. */
static void check_nothing_is_missing(void)
{
	uint32_t *seen = count_references();

	for (uint32_t i = 0; i < record_count; i++)
		assert_true((uint32_t)fl_record_at(i)->alive >= seen[i]);
	free(seen);
}

/* A state that was renewed without its lock is asked twice. */
static void members_of(unsigned cell, struct fl_set *set)
{
	struct furlong_race_cell *at = fl_shadow_cell(&data[cell]);

	fl_set_init(set);
	while (!fl_cell_members(at, fl_sys_cell_load(at), set))
		;
}

static void check_each_has_one(unsigned threads, bool writes)
{
	for (unsigned cell = 0; cell < CELLS; cell++) {
		struct fl_set set;

		members_of(cell, &set);
		assert_int_equal(set.count, threads);
		for (unsigned i = 0; i < threads; i++) {
			unsigned found = 0;
			for (uint32_t j = 0; j < set.count; j++)
				found += word_epoch(set.at[j]) == last_epoch[i] &&
					 word_bytes(set.at[j]) == (writes ? 1u << i : 0xffu) &&
					 word_is_read(set.at[j]) == !writes;
			assert_int_equal(found, 1);
		}
		fl_set_free(&set);
	}
}

static void test_all_readers_are_there(void **state)
{
	(void)state;
	run_threads(ALL_READ);
	assert_int_equal(reported, 0);
	check_each_has_one(THREADS, false);
	check_references();
}

/* Reads of less than all bytes change more than the thread's own member of a state: who renews his at that
 * moment, without the lock, is waited for. */
static void test_states_change_beside_readers(void **state)
{
	(void)state;
	run_threads(ALL_READ_IN_PARTS);
	assert_int_equal(reported, 0);
	check_each_has_one(THREADS, false);
	check_references();
}

static bool has_last(const struct fl_set *set, unsigned thread, uint8_t bytes, bool read)
{
	for (uint32_t i = 0; i < set->count; i++)
		if (word_epoch(set->at[i]) == last_epoch[thread] && word_bytes(set->at[i]) == bytes &&
			word_is_read(set->at[i]) == read)
			return true;
	return false;
}

/* Two write their bytes of a cell in epoch after epoch, and its state is changed where it is, beside two who
 * renew their reads in it without the lock. */
static void test_states_change_where_they_are(void **state)
{
	uint32_t generations = 0;

	(void)state;
	run_threads(TWO_READ_TWO_WRITE);
	assert_int_equal(reported, 0);
	for (unsigned cell = 0; cell < CELLS; cell++) {
		struct fl_set set;

		generations += (uint32_t)(fl_record_at(fl_shadow_cell(&data[cell])->word[0])->alive >> 32);
		members_of(cell, &set);
		assert_int_equal(set.count, THREADS);
		for (unsigned i = 0; i < THREADS; i++)
			assert_true(has_last(&set, i, i < 2 ? 0x03 : (uint8_t)(1u << i), i < 2));
		fl_set_free(&set);
	}
	/* Each change would be a new name otherwise. */
	assert_true(generations < CELLS * 32);
	check_references();
}

static uint32_t whose_is_the_data(void)
{
	return *fl_owner_chunk(fl_shadow_cell(data)) & FL_CHUNK_OWNER;
}

/* Who reads a table again and again stores without a lock; who writes to it then meets the last read of each.
 */
static void readers_have_it_until_a_write(void)
{
	unsigned races_before = reported;

	check_each_has_one(2, false);
	assert_int_equal(whose_is_the_data(), FL_CHUNK_READ);
	for (unsigned i = 0; i < CELLS; i++)
		fl_race_slow(&data[i], NULL, cores, 8 | FL_SPEC_WRITE);
	assert_int_equal(reported - races_before, 2 * CELLS);
	assert_int_equal(whose_is_the_data(), FL_CHUNK_SHARED);
}

static void test_readers_of_a_table(void **state)
{
	(void)state;
	run_threads_then(TWO_READ, readers_have_it_until_a_write);
	fl_shadow_reset(data, sizeof(data));
	check_references();
	/* A range that comes behind them in order takes it back just so. */
	run_threads(TWO_READ);
	assert_int_equal(whose_is_the_data(), FL_CHUNK_READ);
	fl_race_slow_range(
		data, sizeof(data), NULL, cores, FL_SPEC_WRITE | FL_WHAT_RANGE << FL_SPEC_WHAT_SHIFT);
	assert_int_equal(reported, 0);
	assert_int_equal(whose_is_the_data(), FL_CHUNK_SHARED);
	fl_shadow_reset(data, sizeof(data));
}

/* Another thread may have changed it since somebody saw that it is a state, and came without a context. */
static void test_a_cell_is_no_state_any_more(void **state)
{
	struct furlong_race_cell *cell = fl_shadow_cell(data);
	const struct fl_place place = {.pc = cores, .size = 8};

	(void)state;
	run_threads(TWO_READ);
	fl_shadow_reset(data, sizeof(data));
	fl_race_slow(data, NULL, cores, 1 | FL_SPEC_WRITE);
	assert_int_not_equal(cell->word[0], 0);
	assert_false(fl_cell_is(fl_sys_cell_load(cell), FL_SLOT_STATE));
	for (unsigned write = 0; write < 2; write++) {
		assert_true(fl_few_take(fl_race_self_thread, cell,
			__furlong_race_self.epoch | word_make(0, 0xff, !write, 0), &place));
		assert_int_equal(
			(uintptr_t)fl_context_get(word_context(cell->word[!write]), 7).pc, (uintptr_t)cores);
	}
	fl_shadow_reset(data, sizeof(data));
}

/* The second chunk in a row that a thread takes from another brings the next ones with it, but no third
 * one's. */
static void test_chunks_are_taken_in_a_row(void **state)
{
	enum { CHUNKS = OWNER_AHEAD + 4, THIRD = 9 };
	static char memory[(CHUNKS + 1) << FL_CHUNK_SHIFT] __attribute__((aligned(1 << FL_CHUNK_SHIFT)));
	uint32_t *chunk = fl_owner_chunk(fl_shadow_cell(memory));
	struct fl_race_thread one = {0}, two = {0}, three = {0};

	(void)state;
	fl_owner_born(&one);
	fl_owner_born(&two);
	fl_owner_born(&three);
	for (unsigned i = 0; i < CHUNKS; i++)
		fl_owner_claim(&one, &chunk[i]);
	fl_owner_claim(&two, &chunk[0]);
	assert_int_equal(chunk[1], one.owner);
	fl_owner_claim(&two, &chunk[1]);
	for (unsigned i = 0; i < CHUNKS; i++)
		assert_int_equal(chunk[i] & FL_CHUNK_OWNER, i <= OWNER_AHEAD ? two.owner : one.owner);
	fl_owner_claim(&three, &chunk[THIRD]);
	fl_owner_claim(&one, &chunk[2]);
	assert_int_equal(chunk[3] & FL_CHUNK_OWNER, two.owner);
	fl_owner_claim(&one, &chunk[3]);
	for (unsigned i = 3; i <= OWNER_AHEAD; i++)
		assert_int_equal(chunk[i] & FL_CHUNK_OWNER, i < THIRD    ? one.owner
							    : i == THIRD ? three.owner
									 : two.owner);
	fl_owner_gone(&one);
	fl_owner_gone(&two);
	fl_owner_gone(&three);
}

static void test_all_writers_are_there(void **state)
{
	(void)state;
	run_threads(EACH_WRITES_ITS_BYTE);
	assert_int_equal(reported, 0);
	check_each_has_one(THREADS, true);
	check_references();
}

static void test_new_memory_drops_states(void **state)
{
	(void)state;
	run_threads(ALL_READ);
	fl_shadow_reset(data, sizeof(data));
	check_references();
	for (uint32_t i = 0; i < record_count; i++)
		assert_int_equal((uint32_t)fl_record_at(i)->alive, 0);
}

/* Readers of memory that is being taken anew: a reset does not wait for them, and may leave a state of theirs
 * behind. */
static void test_new_memory_beside_readers(void **state)
{
	(void)state;
	run_threads(READ_AND_START_ANEW);
	assert_int_equal(reported, 0);
	check_nothing_is_missing();
	fl_shadow_reset(data, sizeof(data));
	check_nothing_is_missing();
}

/* Two readers of a table: one state for all of its cells, found inline from the second cell on. */
static void read_all(void)
{
	for (unsigned i = 0; i < CELLS; i++)
		fl_race_slow(&data[i], NULL, cores, 8);
}

/* Two readers fit into a cell, and the first one stays where it is; a third makes a state, the same for all.
 */
static void test_a_table_is_one_state(void **state)
{
	struct fl_race_thread *main_thread = fl_race_self_thread, *others[2];
	struct furlong_race_thread self = __furlong_race_self;
	uint64_t first;

	(void)state;
	fl_shadow_reset(data, sizeof(data));
	for (unsigned i = 0; i < 2; i++) {
		cores[i + 1] = (struct fl_thread){.index = i + 1};
		others[i] = fl_race_thread_prepare(&cores[i + 1], 0);
	}
	read_all();
	fl_race_thread_start(others[0]);
	read_all();
	for (unsigned i = 0; i < CELLS; i++) {
		struct furlong_race_cell cell = fl_sys_cell_load(fl_shadow_cell(&data[i]));
		assert_int_equal(word_slot(cell.word[0]), others[0]->slot);
		assert_int_equal(word_slot(cell.word[1]), main_thread->slot);
	}
	fl_race_thread_start(others[1]);
	read_all();
	first = fl_shadow_cell(&data[0])->word[1];
	for (unsigned i = 0; i < CELLS; i++)
		assert_int_equal(fl_shadow_cell(&data[i])->word[1], first);
	assert_int_equal(__furlong_race_self.shared, first);
	assert_int_equal((uint32_t)fl_record_at(first)->alive, CELLS);
	fl_race_thread_gone(others[0]);
	fl_race_thread_gone(others[1]);
	fl_race_self_thread = main_thread;
	__furlong_race_self = self;
	fl_shadow_reset(data, sizeof(data));
	check_references();
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_states_change_where_they_are), /* first: counts names of records */
		cmocka_unit_test(test_all_readers_are_there),
		cmocka_unit_test(test_states_change_beside_readers),
		cmocka_unit_test(test_readers_of_a_table),
		cmocka_unit_test(test_a_cell_is_no_state_any_more),
		cmocka_unit_test(test_chunks_are_taken_in_a_row),
		cmocka_unit_test(test_all_writers_are_there),
		cmocka_unit_test(test_new_memory_drops_states),
		cmocka_unit_test(test_a_table_is_one_state),
		cmocka_unit_test(test_new_memory_beside_readers),
	};

	if (!fl_shadow_init())
		return 77;
	become_main(&cores[0]);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
