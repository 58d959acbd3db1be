/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * test_race_locks.c: which locks lie on a circle of orders, against all ways looked at one by one; and that
 * many locks do not cost more each.
 */
#include "unit.h"

#include "core/arena.c"
#include "race/intern.c"
#include "race/lock_graph.c"
#include "race/pool.c"

#include "core/sys_linux.c"

#include <time.h>

static uint32_t counted;

void fl_race_count(enum fl_race_count what)
{
	counted += what == FL_COUNT_ORDERS;
}

enum { LOCKS = 40, TRIALS = 300 };

static uint32_t base = 1; /* every trial has locks of its own */
static bool leads[LOCKS][LOCKS];

/* The truth, by Warshall's way, after each pair. */
static void lead(int from, int to)
{
	for (int a = 0; a < LOCKS; a++)
		for (int b = 0; b < LOCKS; b++)
			leads[a][b] |= (a == from || leads[a][from]) && (b == to || leads[to][b]);
}

static void check_all(void)
{
	for (int a = 0; a < LOCKS; a++)
		for (int b = 0; b < LOCKS; b++)
			if (a != b && fl_lock_on_circle(base + a, base + b) != (leads[a][b] && leads[b][a]))
				fail_msg("locks %d and %d of trial %u", a, b, (base - 1) / LOCKS);
}

/* From trees to one large knot; some trials mostly go up, so that knots are small and many. */
static void test_circles_are_those_that_there_are(void **state)
{
	(void)state;
	srand(1);
	for (int trial = 0; trial < TRIALS; trial++, base += LOCKS) {
		int pairs = 10 + rand() % 100, against = 1 + rand() % 20;

		memset(leads, 0, sizeof(leads));
		for (int i = 0; i < pairs; i++) {
			int a = rand() % LOCKS, b = rand() % LOCKS, low = a < b ? a : b, high = a < b ? b : a;
			bool up = rand() % against;

			if (a == b)
				continue;
			assert_non_null(fl_lock_pair(base + (up ? low : high), base + (up ? high : low)));
			lead(up ? low : high, up ? high : low);
			check_all();
		}
	}
	assert_int_equal(counted, 0);
}

static void test_pairs_of_a_lock_are_listed_once(void **state)
{
	const struct fl_lock_pair *pair = NULL;
	uint32_t seen = 0;

	(void)state;
	for (int twice = 0; twice < 2; twice++)
		for (uint32_t i = 1; i < 10; i++)
			fl_lock_pair(base, base + i);
	while ((pair = fl_lock_pair_next(base, pair)))
		seen += 1u << (pair->taken - base);
	assert_int_equal(seen, 0x3fe);
	assert_ptr_equal(fl_lock_pair(base, base + 1), fl_lock_pair(base, base + 1));
	base += LOCKS;
}

/* ---- growth ---- */

static void up(uint32_t first, uint32_t count)
{
	for (uint32_t i = 0; i + 1 < count; i++)
		fl_lock_pair(first + i, first + i + 1);
}

static void down(uint32_t first, uint32_t count)
{
	for (uint32_t i = count - 1; i; i--)
		fl_lock_pair(first + i - 1, first + i);
}

/* One inner lock below all, and an outer one above. */
static void hub(uint32_t first, uint32_t count)
{
	for (uint32_t i = 1; i + 1 < count; i++) {
		fl_lock_pair(first + i, first);
		fl_lock_pair(first + count - 1, first + i);
	}
}

/* Before each lock that is new comes one that is known to be last. */
static void comb(uint32_t first, uint32_t count)
{
	for (uint32_t i = 0; i + 4 < count; i += 4) {
		fl_lock_pair(first + i, first + i + 1);
		fl_lock_pair(first + i + 2, first + i + 3);
		fl_lock_pair(first + i + 1, first + i + 2);
	}
}

/* One ring of all, then chords of it. */
static void ring(uint32_t first, uint32_t count)
{
	for (uint32_t i = 0; i < count; i++)
		fl_lock_pair(first + i, first + (i + 1) % count);
	for (uint32_t i = 0; i < count; i++)
		fl_lock_pair(first + i, first + (i + count / 2) % count);
}

static void test_many_locks_cost_no_more_each(void **state)
{
	void (*const shapes[])(uint32_t first, uint32_t count) = {up, down, hub, comb, ring};

	(void)state;
	for (size_t i = 0; i < sizeof(shapes) / sizeof(*shapes); i++) {
		clock_t took[2];

		for (int large = 0; large < 2; large++) {
			uint32_t count = large ? 1u << 17 : 1u << 12;
			clock_t before = clock();

			for (int again = large ? 0 : 31; again >= 0; again--, base += count)
				shapes[i](base, count);
			took[large] = clock() - before;
		}
		/* The same number of pairs. Were each looked at by each new one it would be 32 times as long.
		 */
		if (took[1] > 6 * took[0] + CLOCKS_PER_SEC / 20)
			fail_msg("shape %zu: %ld and %ld", i, (long)took[0], (long)took[1]);
	}
	assert_int_equal(counted, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_circles_are_those_that_there_are),
		cmocka_unit_test(test_pairs_of_a_lock_are_listed_once),
		cmocka_unit_test(test_many_locks_cost_no_more_each),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
