/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * test_race_known.c: each of very many races is new once, whoever comes first, and is counted from then on.
 */
#include "unit.h"

#include "race_parts.h"

#include "race/report_known.c"

#include <pthread.h>

enum { KEYS = 100000, THREADS = 4 };

static unsigned char new[KEYS + 1];
static unsigned twice, none;

void fl_report_race(const struct fl_race_found *found)
{
	(void)found;
}

/* Spread as hashes are, and never 0. */
static uint64_t key_of(unsigned number)
{
	return (uint64_t)number * 0xff51afd7ed558ccdu | 1;
}

static void *know_all(void *from)
{
	for (unsigned i = 0; i < KEYS; i++) {
		unsigned number = (i + (unsigned)(uintptr_t)from) % KEYS + 1;
		bool is_new;

		if (!fl_report_know(key_of(number), &is_new))
			__atomic_fetch_add(&none, 1, __ATOMIC_RELAXED);
		else if (is_new && __atomic_exchange_n(&new[number], 1, __ATOMIC_RELAXED))
			__atomic_fetch_add(&twice, 1, __ATOMIC_RELAXED);
	}
	return NULL;
}

static void count(struct fl_report_known *known, void *data)
{
	assert_int_equal(known->times, THREADS);
	++*(unsigned *)data;
}

static void count_any(struct fl_report_known *known, void *data)
{
	(void)known;
	++*(unsigned *)data;
}

static void test_each_is_new_once(void **state)
{
	pthread_t threads[THREADS];
	unsigned found = 0;

	(void)state;
	for (uintptr_t i = 0; i < THREADS; i++)
		pthread_create(&threads[i], NULL, know_all, (void *)(i * 10));
	for (unsigned i = 0; i < THREADS; i++)
		pthread_join(threads[i], NULL);
	for (unsigned i = 1; i <= KEYS; i++)
		assert_true(new[i]);
	assert_int_equal(twice, 0);
	assert_int_equal(none, 0);
	assert_int_equal(fl_report_unknown(), 0);
	fl_report_known_each(count, &found);
	assert_int_equal(found, KEYS);
}

static void test_a_forked_child_knows_none(void **state)
{
	unsigned found = 0;
	bool is_new;

	(void)state;
	fl_report_known_fork_child();
	fl_report_known_each(count_any, &found);
	assert_int_equal(found, 0);
	assert_int_equal(fl_report_know(key_of(7), &is_new)->times, 1);
	assert_true(is_new);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_each_is_new_once),
		cmocka_unit_test(test_a_forked_child_knows_none),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
