/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * test_threads.c: thread entries are given out, kept while their thread lives, and used again.
 */
#include "unit.h"

#include "core/arena.c"
#include "core/options.c"
#include "core/print.c"
#include "core/sys_linux.c"
#include "core/threads.c"

const struct fl_instrument *const fl_instruments[] = {NULL};

#include <sys/wait.h>

/* A tid that is gone: that of a child that was waited for. */
static int32_t dead_tid(void)
{
	pid_t pid = fork();

	if (pid == 0)
		_exit(0);
	waitpid(pid, NULL, 0);
	return pid;
}

static void test_entries_of_dead_threads_come_again(void **state)
{
	struct fl_thread *taken[100];
	int32_t dead = dead_tid();

	(void)state;
	for (int i = 0; i < 100; i++) {
		taken[i] = fl_threads_acquire();
		assert_non_null(taken[i]);
		taken[i]->tid = dead;
	}
	/* Never more than the least number that makes a search worthwhile: all of them are dead. */
	assert_int_equal(fl_threads_count(), SEARCH_AT_FIRST);
}

static void test_living_and_unborn_are_kept(void **state)
{
	uint32_t before;
	struct fl_thread *unborn, *living;
	int32_t dead = dead_tid();

	(void)state;
	unborn = fl_threads_acquire();
	living = fl_threads_acquire();
	living->tid = fl_sys_thread();
	before = fl_threads_count();
	for (int i = 0; i < 1000; i++) {
		struct fl_thread *other = fl_threads_acquire();
		assert_true(other != unborn && other != living);
		other->tid = dead;
	}
	assert_true(fl_threads_count() <= before + 2 * SEARCH_AT_FIRST);
	assert_ptr_equal(fl_threads_self(), living);
	fl_threads_release(unborn);
	fl_threads_release(living);
	assert_null(fl_threads_self());
}

static void test_crowd_keeps_its_entries_apart(void **state)
{
	struct fl_thread *first = fl_threads_adopt();
	uint32_t count;

	(void)state;
	assert_ptr_equal(fl_threads_self(), first);
	for (int i = 0; i < 5000; i++) {
		struct fl_thread *thread = fl_threads_acquire();
		assert_int_equal(thread->arg, NULL);
		thread->tid = 1; /* lives as long as the machine */
		thread->arg = thread;
	}
	count = fl_threads_count();
	assert_true(count >= 5001);
	for (uint32_t i = 0; i < count; i++)
		assert_int_equal(fl_threads_at(i)->index, i);
}

static void test_child_of_fork_has_one_thread(void **state)
{
	struct fl_thread *self = fl_threads_self();

	(void)state;
	fl_threads_fork_child(self);
	for (uint32_t i = 0; i < fl_threads_count(); i++)
		assert_int_equal(fl_threads_at(i)->taken, fl_threads_at(i) == self);
	assert_ptr_not_equal(fl_threads_acquire(), self);
}

static void test_table_limits(void **state)
{
	struct fl_table table = {.element_bytes = 24};
	char *last = fl_table_make(&table, FL_TABLE_LIMIT - 1);

	(void)state;
	assert_non_null(last);
	memset(last, 1, 24);
	assert_null(fl_table_make(&table, FL_TABLE_LIMIT));
	assert_null(fl_table_at(&table, 5));
	assert_ptr_equal(fl_table_at(&table, FL_TABLE_LIMIT - 1), last);
	for (uint32_t i = 0; i < 1000; i++)
		memset(fl_table_make(&table, i), (int)i, 24);
	for (uint32_t i = 0; i < 1000; i++)
		assert_int_equal(*(unsigned char *)fl_table_at(&table, i), i & 255);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_entries_of_dead_threads_come_again),
		cmocka_unit_test(test_living_and_unborn_are_kept),
		cmocka_unit_test(test_crowd_keeps_its_entries_apart),
		cmocka_unit_test(test_child_of_fork_has_one_thread),
		cmocka_unit_test(test_table_limits),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
