/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * test_race_simulator.c: the runtime's verdicts on random traces are those of a naive detector.
 *
 *   runtime_race_simulator [SEED [TRACES]]
 *
 * runtime_race_pages is the same with more bytes and smaller pages (runtime/race/page.h), of which ranges are
 * whole.
 *
 * One real thread plays them all: it changes the thread-local state and calls the slow paths as compiled code
 * would. After each step: an access that races on a byte where nothing raced before is reported, and whatever
 * is reported is a pair of accesses of which the naive detector says the same.
 */
#include "unit.h"

#include "race_naive.h"
#include "race_parts.h"

enum { STEPS = 400, MUTEXES = 4, PAGE = 8 * FL_PAGE_CELLS };

static uint8_t arena[NAIVE_BYTES] __attribute__((aligned(128)));

/* ---- simulated threads */

static struct sim {
	struct fl_thread core;
	struct fl_race_thread *race;
	struct furlong_race_thread self;
	struct furlong_race_atomic atomics[FURLONG_RACE_ATOMICS];
	bool alive;
	int holds; /* mutexes, as bits */
} sims[NAIVE_THREADS];

static int sim_count, current;
static uint64_t seed, trace_seed;
static unsigned step;

static unsigned roll(unsigned limit)
{
	return roll_from(&seed, limit);
}

/* The variables that the current thread knows are put away, those of another taken out. */
static void use_atomics(int thread)
{
	static int whose;

	memcpy(sims[whose].atomics, __furlong_race_atomics, sizeof(__furlong_race_atomics));
	memcpy(__furlong_race_atomics, sims[thread].atomics, sizeof(__furlong_race_atomics));
	whose = thread;
}

static void switch_to(int thread)
{
	sims[current].self = __furlong_race_self;
	current = thread;
	__furlong_race_self = sims[thread].self;
	use_atomics(thread);
	fl_race_self_thread = sims[thread].race;
}

static const char places[64]; /* return addresses to be */

static const void *place(void)
{
	return places + 1 + roll(6);
}

/* ---- verdicts */

static struct fl_race_found found[256];
static unsigned found_count;

void fl_report_race(const struct fl_race_found *race)
{
	assert_true(fl_race_depth);
	if (found_count < 256)
		found[found_count++] = *race;
}

static const char *doing;

static void complain(const char *what, int byte)
{
	fail_msg("trace %llu step %u thread %d (%s): %s at byte %d", (unsigned long long)trace_seed, step,
		current, doing, what, byte);
}

static bool is_real(const struct fl_race_found *race, int byte, bool write, bool atomic)
{
	const struct fl_race_person *person = fl_race_person_at(race->before.epoch);
	struct fl_race_context before = fl_context_get(race->before.context, race->before.byte);

	for (int j = 0; j < naive_bytes[byte].count; j++) {
		const struct naive_past *past = &naive_bytes[byte].past[j];

		if (past->thread == person->uid && past->write == race->before.write &&
			past->place == (const char *)before.pc - places &&
			naive_races_with(current, past, write, atomic))
			return true;
	}
	return false;
}

/* The reported pair is real: the naive detector has one such, by that thread. The address is that of the
 * access, which an element of up to 8 bytes may leave behind in the cell before. */
static void check_found(bool write, bool atomic)
{
	for (unsigned i = 0; i < found_count; i++) {
		uintptr_t address = found[i].now.address;
		int byte = (int)((address & ~(uintptr_t)7) - (uintptr_t)arena + found[i].now.byte);
		bool crosses = found[i].now.byte < (address & 7);

		byte += crosses ? 8 : 0;
		if (!is_real(&found[i], byte, write, atomic))
			complain("reported, and no race", byte);
	}
}

/* Of an access about to be told to the naive detector, after the runtime had it. */
static void judge_touched(const bool touched[NAIVE_BYTES], bool write, bool atomic, const void *at)
{
	int expected = -1;

	for (int i = 0; i < NAIVE_BYTES; i++)
		if (touched[i] && !naive_bytes[i].racy && naive_would_race(current, i, write, atomic))
			expected = i;
	check_found(write, atomic);
	if (expected >= 0 && !found_count)
		complain("a race, and not reported", expected);
	for (int i = 0; i < NAIVE_BYTES; i++)
		if (touched[i])
			naive_access(current, i, write, atomic, (uint8_t)((const char *)at - places));
}

static void judge(int byte, int size, bool write, bool atomic, const void *at)
{
	bool touched[NAIVE_BYTES] = {false};

	memset(touched + byte, true, (size_t)size);
	judge_touched(touched, write, atomic, at);
}

static bool would_race_touched(const bool touched[NAIVE_BYTES], bool write, bool atomic)
{
	for (int i = 0; i < NAIVE_BYTES; i++)
		if (touched[i] && naive_would_race(current, i, write, atomic))
			return true;
	return false;
}

static bool would_race(int byte, int size, bool write, bool atomic)
{
	bool touched[NAIVE_BYTES] = {false};

	memset(touched + byte, true, (size_t)size);
	return would_race_touched(touched, write, atomic);
}

/* ---- what threads do */

/* As the pass's inline code does it. */
static bool is_recorded(const void *p, unsigned size, bool write)
{
	struct furlong_race_cell *cell =
		(struct furlong_race_cell *)(__furlong_race_self.cells +
					     2 * ((uintptr_t)p & __furlong_race_self.mask));
	uint64_t need = ((1u << size) - 1) << ((uintptr_t)p & 7) & 0xff;
	uint64_t y = cell->word[!write] ^ __furlong_race_self.epoch;

	if (write)
		return !(y >> 23 & (need << 1 | ~(uint64_t)0x1fe));
	return !(y >> 24 & (need | ~(uint64_t)0xff)) || cell->word[1] == __furlong_race_self.shared;
}

static void do_access(void)
{
	unsigned size = 1u << roll(5), byte = roll(NAIVE_BYTES / size) * size;
	bool write = roll(3) == 0;
	const void *p = arena + byte, *at = place();

	if (would_race((int)byte, (int)size, write, false) && roll(64))
		return;
	if (size == 16 ? !is_recorded(p, 8, write) || !is_recorded(arena + byte + 8, 8, write)
		       : !is_recorded(p, size, write))
		fl_race_slow(p, NULL, at, size | (write ? FL_SPEC_WRITE : 0u));
	judge((int)byte, (int)size, write, false, at);
}

static void do_range(void)
{
	unsigned byte = roll(NAIVE_BYTES), size = roll(NAIVE_BYTES - byte + 1);
	const void *at = place();
	bool write = roll(4) == 0;

	if (PAGE <= NAIVE_BYTES && roll(2)) { /* whole pages */
		byte = byte / PAGE * PAGE;
		size = (1 + roll((NAIVE_BYTES - byte) / PAGE)) * PAGE;
	}

	if (would_race((int)byte, (int)size, write, false) && roll(64))
		return;
	fl_race_slow_range(arena + byte, size, NULL, at, (write ? FL_SPEC_WRITE : 0u) | 0x200);
	judge((int)byte, (int)size, write, false, at);
}

static void do_elements(void)
{
	unsigned byte = roll(NAIVE_BYTES - 8), size = 1 + roll(8), stride = 1 + roll(roll(2) ? 8 : 80);
	unsigned most = (NAIVE_BYTES - byte - size) / stride, count = 1 + (roll(2) ? most : roll(most + 1));
	bool touched[NAIVE_BYTES] = {false}, write = roll(4) == 0, down = roll(4) == 0;
	const void *at = place();
	uint64_t shape =
		(uint64_t)(down ? -(int64_t)stride : (int64_t)stride) << FURLONG_RACE_STRIDE_SHIFT | size;

	for (unsigned i = 0; i < count; i++)
		memset(touched + byte + i * stride, true, size);
	if (would_race_touched(touched, write, false) && roll(64))
		return;
	fl_race_slow_elements(arena + byte + (down ? (count - 1) * stride : 0), count, shape, NULL, at,
		write ? FL_SPEC_WRITE : 0u);
	judge_touched(touched, write, false, at);
}

/* As compiled code asks (pass/race_quick.cpp). */
static bool is_quick(const void *p, unsigned size, unsigned operation, unsigned order)
{
	const struct furlong_race_atomic *entry =
		&__furlong_race_atomics[((uintptr_t)p >> 3) % FURLONG_RACE_ATOMICS];
	bool acquires = order == 1 || order == 2 || order >= 4, releases = order >= 3;

	if (size > 8 || entry->key != 2 * (uintptr_t)p + size || entry->epoch != __furlong_race_self.epoch)
		return false;
	if (operation == FURLONG_RACE_ATOMIC_LOAD)
		return *entry->version == (acquires ? entry->acquire : entry->load);
	if (releases)
		return false;
	return *entry->version == (operation == FURLONG_RACE_ATOMIC_STORE ? entry->store : entry->update);
}

static unsigned quick_count, atomic_count;

static void atomic_once(unsigned byte, unsigned size, unsigned what, bool stored, const void *at)
{
	unsigned operation = what & 15, order = what >> 4 & 15;

	found_count = 0;
	atomic_count++;
	if (is_quick(arena + byte, size, operation, order)) {
		quick_count++;
	} else {
		fl_race_slow_begin(arena + byte, size, what, NULL, at);
		fl_race_slow_end(arena + byte, size, what, stored);
	}
	if (operation == FURLONG_RACE_ATOMIC_COMPARE_EXCHANGE && !stored)
		order = what >> 8 & 15;
	for (unsigned i = byte; i < byte + size && operation != FURLONG_RACE_ATOMIC_STORE; i++)
		naive_atomic_read(current, (int)i, order);
	judge((int)byte, (int)size, stored, true, at);
	for (unsigned i = byte; i < byte + size && stored; i++)
		naive_atomic_write(current, (int)i, order, operation != FURLONG_RACE_ATOMIC_STORE);
	if (stored && naive_releases(order))
		naive_tick(current);
}

/* Once, or again and again as counters and flags that are waited for are used. */
static void do_atomic(void)
{
	unsigned size = 1u << roll(5), byte = (roll(2) ? 0 : roll(4)) * 16 + roll(16 / size) * size;
	unsigned operation = roll(4), what = operation | roll(6) << 4 | roll(6) << 8;
	const void *at = place();

	for (unsigned times = roll(3) ? 1 : 1 + roll(6); times; times--)
		atomic_once(byte, size, what,
			operation && (operation != FURLONG_RACE_ATOMIC_COMPARE_EXCHANGE || roll(2)), at);
}

static void do_fence(void)
{
	unsigned order = roll(6);

	fl_race_slow_fence(order);
	naive_atomic_fence(current, order);
}

/* Mutexes live among the data: a cell is both. Even ones are read-write locks. */
static int mutex_byte(int mutex)
{
	return 32 + mutex * 5;
}

static bool is_held(int mutex)
{
	for (int i = 0; i < sim_count; i++)
		if (sims[i].holds >> mutex & 1)
			return true;
	return false;
}

static void lock(int mutex)
{
	struct naive_byte *b = &naive_bytes[mutex_byte(mutex)];

	fl_race_depth = 1;
	fl_sync_taken(arena + mutex_byte(mutex), mutex % 2 ? FL_SYNC_ALONE : FL_SYNC_WRITE);
	fl_race_depth = 0;
	naive_join(&naive_now[current], &b->sync);
	naive_join(&naive_now[current], &b->shared);
	sims[current].holds |= 1 << mutex;
}

static void unlock(int mutex)
{
	struct naive_byte *b = &naive_bytes[mutex_byte(mutex)];

	fl_race_depth = 1;
	fl_sync_giving(arena + mutex_byte(mutex), mutex % 2 ? FL_SYNC_ALONE : FL_SYNC_WRITE, true);
	fl_race_depth = 0;
	b->sync = naive_now[current];
	naive_tick(current);
	sims[current].holds &= ~(1 << mutex);
}

static void read_and_leave(int mutex)
{
	struct naive_byte *b = &naive_bytes[mutex_byte(mutex)];

	fl_race_depth = 1;
	fl_sync_taken(arena + mutex_byte(mutex), FL_SYNC_READ);
	fl_race_depth = 0;
	naive_join(&naive_now[current], &b->sync);
	found_count = 0;
	if (roll(2))
		do_access();
	fl_race_depth = 1;
	fl_sync_giving(arena + mutex_byte(mutex), FL_SYNC_READ, true);
	fl_race_depth = 0;
	naive_join(&b->shared, &naive_now[current]);
	naive_tick(current);
}

static void do_mutex(void)
{
	int mutex = (int)roll(MUTEXES);

	if (sims[current].holds >> mutex & 1) {
		unlock(mutex);
		if (roll(2))
			lock(mutex);
	} else if (is_held(mutex)) {
		return;
	} else if (mutex % 2 == 0 && roll(3) == 0) {
		for (unsigned times = 1 + roll(3); times; times--)
			read_and_leave(mutex);
	} else {
		lock(mutex);
	}
}

static void do_birth(void)
{
	struct sim *child = &sims[sim_count];
	int parent = current;

	if (sim_count == NAIVE_THREADS)
		return;
	*child = (struct sim){.core.index = (uint32_t)sim_count, .alive = true};
	child->race = fl_race_thread_prepare(&child->core, 0);
	assert_non_null(child->race);
	naive_fork(parent, sim_count);
	sims[current].self = __furlong_race_self;
	current = sim_count++;
	use_atomics(current);
	fl_race_thread_start(child->race);
	if (roll(8) == 0 && child->race->now < FL_CLOCK_LIMIT / 2) { /* hardly a clock is left on its slot */
		child->race->now = FL_CLOCK_LIMIT - 1 - roll(4);
		fl_clock_set(&child->race->clock, child->race->slot, child->race->now - 1);
		fl_race_publish(child->race);
	}
	sims[current].self = __furlong_race_self;
	switch_to(parent);
}

/* Joined, or left to itself: then nobody knows that it ended. */
static void do_end(void)
{
	int other = (int)roll((unsigned)sim_count);

	if (other == current || !sims[other].alive || sims[other].holds)
		return;
	if (roll(3)) {
		fl_race_thread_joined(sims[other].race);
		naive_join(&naive_now[current], &naive_now[other]);
	}
	sims[other].alive = false;
	fl_race_thread_gone(sims[other].race);
	sims[other].race = NULL;
}

static void do_new_memory(void)
{
	unsigned byte = roll(NAIVE_BYTES), size = roll(NAIVE_BYTES - byte + 1);

	if (roll(4))
		size = size > 12 ? 12 : size;
	if (PAGE <= NAIVE_BYTES && roll(2)) {
		byte = byte / PAGE * PAGE;
		size = PAGE;
	}
	for (int mutex = 0; mutex < MUTEXES; mutex++)
		for (int i = 0; i < sim_count; i++)
			if (sims[i].holds >> mutex & 1 && mutex_byte(mutex) - byte < size)
				return;
	fl_shadow_reset(arena + byte, size);
	/* Who had it before has freed it, or released since to whom did: either begins a new stamp. */
	for (int i = 0; i < sim_count; i++)
		if (sims[i].race)
			sims[i].race->stamp++;
	for (unsigned i = byte; i < byte + size; i++)
		naive_reset_byte((int)i);
}

static const struct {
	void (*run)(void);
	unsigned weight;
	const char *name;
} actions[] = {{do_access, 60, "access"}, {do_range, 6, "range"}, {do_elements, 6, "elements"},
	{do_atomic, 14, "atomic"}, {do_fence, 4, "fence"}, {do_mutex, 20, "mutex"}, {do_birth, 3, "birth"},
	{do_end, 2, "end"}, {do_new_memory, 3, "new memory"}};
enum { ACTIONS = sizeof(actions) / sizeof(actions[0]) };
static unsigned weights[ACTIONS];

static void take_step(void)
{
	unsigned sum = 0, which = 0, at;

	for (unsigned i = 0; i < ACTIONS; i++)
		sum += weights[i];
	at = roll(sum);
	while (at >= weights[which])
		at -= weights[which++];
	doing = actions[which].name;
	found_count = 0;
	if (roll(4))
		fl_past_look(sims[current].race); /* which otherwise takes many sets */
	actions[which].run();
	assert_int_equal(fl_race_depth, 0);
}

static void begin_trace(void)
{
	const struct fl_clock nothing = {0};

	fl_shadow_reset(arena, sizeof(arena));
	for (int i = 0; i < sim_count; i++)
		if (sims[i].race)
			fl_race_thread_gone(sims[i].race);
	memset(race_slots, 0, sizeof(race_slots));
	memset(fl_past, 0, sizeof(fl_past));
	race_slots_used = race_slots_ended_count = people_count = 0;
	use_atomics(0);
	memset(sims, 0, sizeof(sims));
	memset(__furlong_race_atomics, 0, sizeof(__furlong_race_atomics));
	naive_reset();
	sims[0].race = thread_make(&sims[0].core, &nothing);
	fl_race_thread_start(sims[0].race);
	sims[0].alive = true;
	sims[0].self = __furlong_race_self;
	current = 0;
	sim_count = 1;
	fl_race_concurrent = true;
	fl_race_publish(sims[0].race);
	/* Some traces are all of this, some all of that. */
	for (unsigned i = 0; i < ACTIONS; i++)
		weights[i] = roll(4) ? actions[i].weight : 0;
	weights[0] += PAGE <= NAIVE_BYTES && roll(2) ? 0 : 10;
	weights[1] += PAGE <= NAIVE_BYTES ? 10 : 0;
	for (int i = 0, threads = (int)roll(6); i < threads; i++)
		do_birth();
}

static void run_trace(uint64_t which)
{
	trace_seed = which;
	seed = which * 0x9e3779b97f4a7c15u + 1;
	for (int i = 0; i < 8; i++)
		roll(2);
	begin_trace();
	for (step = 0; step < STEPS; step++) {
		int next = (int)roll((unsigned)sim_count);
		if (sims[next].alive)
			switch_to(next);
		take_step();
	}
}

static uint64_t first_trace = 1, traces = 4000;

static void test_verdicts_are_those_of_the_naive_detector(void **state)
{
	(void)state;
	for (uint64_t i = 0; i < traces; i++)
		run_trace(first_trace + i);
	print_message("%u of %u atomic operations did not ask\n", quick_count, atomic_count);
	assert_true(quick_count > atomic_count / 50);
}

static void test_nothing_leaks(void **state)
{
	uint32_t records = 0;

	(void)state;
	begin_trace();
	fl_shadow_reset(arena, sizeof(arena));
	for (uint32_t i = 0; i < record_count; i++)
		records += (uint32_t)fl_record_at(i)->alive != 0;
	assert_int_equal(records, 0);
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_verdicts_are_those_of_the_naive_detector),
		cmocka_unit_test(test_nothing_leaks),
	};

	if (argc > 1)
		first_trace = strtoull(argv[1], NULL, 10);
	if (argc > 2)
		traces = strtoull(argv[2], NULL, 10);
	if (!fl_shadow_init())
		return 77;
	fl_quick_init();
	quick_after = 2;
	return cmocka_run_group_tests(tests, NULL, NULL);
}
