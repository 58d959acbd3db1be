/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * Orders of locks that cannot hang, a function each; the argument says which.
 */
#define _GNU_SOURCE
#include "correct.h"

#include <errno.h>
#include <string.h>
#include <threads.h>

enum { ROUNDS = 50, LOCKS = 6, THREADS = 4 };

static pthread_mutex_t locks[LOCKS], gate, other_gate;
static pthread_rwlock_t reads[LOCKS];
static pthread_spinlock_t spin;
static mtx_t c11[2];
static long shared[LOCKS];

static void take(int n)
{
	pthread_mutex_lock(&locks[n]);
}

static void drop(int n)
{
	shared[n]++;
	pthread_mutex_unlock(&locks[n]);
}

static void pair(int first, int second)
{
	take(first);
	take(second);
	drop(second);
	drop(first);
}

static int up(intptr_t thread)
{
	return thread % 2 == 0;
}

/* Both orders below one lock. */
static void *below_a_gate(void *which)
{
	for (int i = 0; i < ROUNDS; i++) {
		pthread_mutex_lock(&gate);
		pair(up((intptr_t)which) ? 0 : 1, up((intptr_t)which) ? 1 : 0);
		pthread_mutex_unlock(&gate);
	}
	return NULL;
}

/* The gate is the outer of two, and the inner one is another each time. */
static void *below_an_outer_gate(void *which)
{
	for (int i = 0; i < ROUNDS; i++) {
		pthread_mutex_lock(&gate);
		take(up((intptr_t)which) ? 2 : 3);
		pair(up((intptr_t)which) ? 0 : 1, up((intptr_t)which) ? 1 : 0);
		drop(up((intptr_t)which) ? 2 : 3);
		pthread_mutex_unlock(&gate);
	}
	return NULL;
}

/* One writes below the gate, the others read below it: a reader keeps a writer out. */
static void *below_a_gate_for_reading(void *which)
{
	for (int i = 0; i < ROUNDS; i++) {
		if (which)
			pthread_rwlock_rdlock(&reads[0]);
		else
			pthread_rwlock_wrlock(&reads[0]);
		pair(which ? 1 : 0, which ? 0 : 1);
		pthread_rwlock_unlock(&reads[0]);
	}
	return NULL;
}

/* One thread alone has both orders. */
static void *both_orders_in_one_thread(void *which)
{
	for (int i = 0; i < ROUNDS && !which; i++) {
		pair(0, 1);
		pair(1, 0);
	}
	return NULL;
}

static void *pair_up(void *unused)
{
	pair(0, 1);
	return unused;
}

static void *pair_down(void *unused)
{
	pair(1, 0);
	return unused;
}

/* Two threads that never live at the same time. */
static void *one_after_the_other(void *which)
{
	pthread_t thread;

	if (which)
		return NULL;
	for (int i = 0; i < ROUNDS; i++) {
		REQUIRE(!pthread_create(&thread, NULL, i % 2 ? pair_up : pair_down, NULL));
		REQUIRE(!pthread_join(thread, NULL));
	}
	return NULL;
}

/* Before the thread is born one order, while it lives the other. */
static void *before_the_birth(void *which)
{
	pthread_t thread;

	if (which)
		return NULL;
	pair(1, 0);
	REQUIRE(!pthread_create(&thread, NULL, pair_up, NULL));
	pair(0, 1);
	REQUIRE(!pthread_join(thread, NULL));
	pair(1, 0);
	return NULL;
}

/* The next one is taken before the last one is given back, always forwards. */
static void *hand_over_hand(void *which)
{
	(void)which;
	for (int i = 0; i < ROUNDS; i++) {
		take(0);
		for (int n = 1; n < LOCKS; n++) {
			take(n);
			drop(n - 1);
		}
		drop(LOCKS - 1);
	}
	return NULL;
}

/* A ring in which the last one is given back before the first one is taken again. */
static void *round_a_ring(void *which)
{
	int n = (int)(intptr_t)which;

	for (int i = 0; i < ROUNDS; i++, n = (n + 1) % LOCKS) {
		take(n);
		drop(n);
		take((n + 1) % LOCKS);
		drop((n + 1) % LOCKS);
	}
	return NULL;
}

/* Whoever comes in whatever order takes the lower address first. */
static void *by_address(void *which)
{
	unsigned seed = 1 + (unsigned)(intptr_t)which;

	for (int i = 0; i < ROUNDS; i++) {
		int a = (int)((seed = seed * 1103515245 + 12345) >> 16) % LOCKS,
		    b = (a + 1 + i % (LOCKS - 1)) % LOCKS;

		pair(a < b ? a : b, a < b ? b : a);
	}
	return NULL;
}

/* The second one is only tried; who does not get it gives the first one back. */
static void *try_and_back_off(void *which)
{
	int first = up((intptr_t)which) ? 0 : 1, second = 1 - first;

	for (int done = 0; done < ROUNDS;) {
		take(first);
		if (!pthread_mutex_trylock(&locks[second])) {
			drop(second);
			done++;
		}
		drop(first);
		sched_yield();
	}
	return NULL;
}

/* The second one is waited for until a time. */
static void *wait_until_a_time(void *which)
{
	int first = up((intptr_t)which) ? 0 : 1, second = 1 - first;

	for (int done = 0; done < 10;) {
		struct timespec until;

		clock_gettime(CLOCK_REALTIME, &until);
		until.tv_nsec += 2000000;
		until.tv_sec += until.tv_nsec / 1000000000;
		until.tv_nsec %= 1000000000;
		take(first);
		if (!pthread_mutex_timedlock(&locks[second], &until)) {
			drop(second);
			done++;
		}
		drop(first);
	}
	return NULL;
}

/* Readers among themselves, in both orders, and nobody writes. */
static void *readers_alone(void *which)
{
	int first = up((intptr_t)which) ? 0 : 1, second = 1 - first;
	long sum = 0;

	for (int i = 0; i < ROUNDS; i++) {
		pthread_rwlock_rdlock(&reads[first]);
		pthread_rwlock_rdlock(&reads[second]);
		sum += shared[0];
		pthread_rwlock_unlock(&reads[second]);
		pthread_rwlock_unlock(&reads[first]);
	}
	return (void *)sum;
}

/* A read lock taken twice. */
static void *reader_twice(void *which)
{
	(void)which;
	for (int i = 0; i < ROUNDS; i++) {
		pthread_rwlock_rdlock(&reads[0]);
		pthread_rwlock_rdlock(&reads[0]);
		pthread_rwlock_unlock(&reads[0]);
		pthread_rwlock_unlock(&reads[0]);
	}
	return NULL;
}

/* Given back before it is taken for writing, and looked at again. */
static void *read_then_write(void *which)
{
	(void)which;
	for (int i = 0; i < ROUNDS; i++) {
		long seen;

		pthread_rwlock_rdlock(&reads[0]);
		seen = shared[0];
		pthread_rwlock_unlock(&reads[0]);
		pthread_rwlock_wrlock(&reads[0]);
		shared[0] += seen <= shared[0];
		pthread_rwlock_unlock(&reads[0]);
	}
	return NULL;
}

/* Two locks of one order, and the outer one again inside: it may be taken more than once. */
static void *recursive_again(void *which)
{
	static pthread_mutex_t outer = PTHREAD_RECURSIVE_MUTEX_INITIALIZER_NP;

	(void)which;
	for (int i = 0; i < ROUNDS; i++) {
		pthread_mutex_lock(&outer);
		take(0);
		pthread_mutex_lock(&outer);
		drop(0);
		pthread_mutex_unlock(&outer);
		pthread_mutex_unlock(&outer);
	}
	return NULL;
}

/* The inner one is given back after the outer one. */
static void *given_back_crosswise(void *which)
{
	(void)which;
	for (int i = 0; i < ROUNDS; i++) {
		take(0);
		take(1);
		drop(0);
		take(2);
		drop(1);
		drop(2);
	}
	return NULL;
}

/* A condition gives its mutex back while it waits: what the other one takes meanwhile is no order. */
static void *wait_below_another(void *which)
{
	static pthread_cond_t changed = PTHREAD_COND_INITIALIZER;
	static int turn;
	int me = (int)(intptr_t)which;

	for (int i = 0; i < ROUNDS; i++) {
		take(0);
		while (turn % THREADS != me)
			pthread_cond_wait(&changed, &locks[0]);
		turn++;
		pthread_cond_broadcast(&changed);
		drop(0);
		pair(1, 0);
	}
	return NULL;
}

/* Locks of each thread's own, at addresses that others had before. */
static void *locks_that_come_again(void *which)
{
	for (int i = 0; i < ROUNDS; i++) {
		pthread_mutex_t *two = malloc(2 * sizeof(*two));
		int first = (i + (int)(intptr_t)which) % 2;

		pthread_mutex_init(&two[0], NULL);
		pthread_mutex_init(&two[1], NULL);
		pthread_mutex_lock(&two[first]);
		pthread_mutex_lock(&two[1 - first]);
		pthread_mutex_unlock(&two[1 - first]);
		pthread_mutex_unlock(&two[first]);
		pthread_mutex_destroy(&two[0]);
		pthread_mutex_destroy(&two[1]);
		free(two);
	}
	return NULL;
}

/* As above, and they are not even destroyed. */
static void *locks_freed_as_they_are(void *which)
{
	for (int i = 0; i < ROUNDS; i++) {
		pthread_mutex_t *two = calloc(2, sizeof(*two));
		int first = (i + (int)(intptr_t)which) % 2;

		pthread_mutex_lock(&two[first]);
		pthread_mutex_lock(&two[1 - first]);
		pthread_mutex_unlock(&two[1 - first]);
		pthread_mutex_unlock(&two[first]);
		free(two);
	}
	return NULL;
}

/* A level of the tree below the other, always from the root. */
static void *down_a_tree(void *which)
{
	for (int i = 0; i < ROUNDS; i++) {
		int child = 1 + (i + (int)(intptr_t)which) % 2;

		take(0);
		take(child);
		drop(0);
		take(child + 2);
		drop(child);
		drop(child + 2);
	}
	return NULL;
}

/* Spin locks below mutexes, never the other way. */
static void *spin_below_mutex(void *which)
{
	(void)which;
	for (int i = 0; i < ROUNDS; i++) {
		take(0);
		pthread_spin_lock(&spin);
		shared[1]++;
		pthread_spin_unlock(&spin);
		drop(0);
	}
	return NULL;
}

/* Who holds the spin lock only tries the mutex. */
static void *mutex_tried_below_spin(void *which)
{
	for (int i = 0; i < ROUNDS; i++) {
		if (which) {
			take(0);
			pthread_spin_lock(&spin);
			pthread_spin_unlock(&spin);
			drop(0);
			continue;
		}
		pthread_spin_lock(&spin);
		if (!pthread_mutex_trylock(&locks[0]))
			drop(0);
		pthread_spin_unlock(&spin);
	}
	return NULL;
}

/* An error-checking mutex says no, and nothing is held by that. */
static void *refused_by_the_lock(void *which)
{
	static pthread_mutex_t careful = PTHREAD_ERRORCHECK_MUTEX_INITIALIZER_NP;

	(void)which;
	for (int i = 0; i < ROUNDS; i++) {
		pthread_mutex_lock(&careful);
		REQUIRE(pthread_mutex_lock(&careful) == EDEADLK);
		take(0);
		drop(0);
		pthread_mutex_unlock(&careful);
	}
	return NULL;
}

/* Mutexes of C11, by the number. */
static void *c11_by_number(void *which)
{
	(void)which;
	for (int i = 0; i < ROUNDS; i++) {
		mtx_lock(&c11[0]);
		mtx_lock(&c11[1]);
		shared[0]++;
		mtx_unlock(&c11[1]);
		mtx_unlock(&c11[0]);
	}
	return NULL;
}

/* Two gates, the second one to no purpose. */
static void *two_gates(void *which)
{
	for (int i = 0; i < ROUNDS; i++) {
		pthread_mutex_lock(&gate);
		pthread_mutex_lock(&other_gate);
		pair(up((intptr_t)which) ? 0 : 1, up((intptr_t)which) ? 1 : 0);
		pthread_mutex_unlock(&other_gate);
		pthread_mutex_unlock(&gate);
	}
	return NULL;
}

/* Five of a great many at a time, with two more below them that all end with, by one thread that has known a
 * circle of its own. Nothing is wrong with that; it must only come to an end. A runtime whose tables are full
 * at once looks through all that there is each time. */
#ifdef TINY_TABLES
enum { VERY_MANY = 1 << 11 };
#else
enum { VERY_MANY = 1 << 14 };
#endif
static void *very_many(void *which)
{
	enum { COUNT = VERY_MANY, AT_ONCE = 5 };
	static pthread_mutex_t many[COUNT];

	if (which)
		return NULL;
	pair(0, 1);
	pair(1, 0);
	for (int i = 0; i < COUNT; i++)
		pthread_mutex_init(&many[i], NULL);
	for (int i = 0; i + AT_ONCE <= COUNT; i++) {
		for (int j = i; j < i + AT_ONCE; j++) {
			pthread_mutex_lock(&many[j]);
			pair(2, 3);
		}
		for (int j = i; j < i + AT_ONCE; j++)
			pthread_mutex_unlock(&many[j]);
	}
	return NULL;
}

int main(int count, char **arguments)
{
	static const struct {
		const char *name;
		void *(*body)(void *);
	} cases[] = {
		{"below_a_gate", below_a_gate},
		{"below_an_outer_gate", below_an_outer_gate},
		{"below_a_gate_for_reading", below_a_gate_for_reading},
		{"both_orders_in_one_thread", both_orders_in_one_thread},
		{"one_after_the_other", one_after_the_other},
		{"before_the_birth", before_the_birth},
		{"hand_over_hand", hand_over_hand},
		{"round_a_ring", round_a_ring},
		{"by_address", by_address},
		{"try_and_back_off", try_and_back_off},
		{"wait_until_a_time", wait_until_a_time},
		{"readers_alone", readers_alone},
		{"reader_twice", reader_twice},
		{"read_then_write", read_then_write},
		{"recursive_again", recursive_again},
		{"given_back_crosswise", given_back_crosswise},
		{"wait_below_another", wait_below_another},
		{"locks_that_come_again", locks_that_come_again},
		{"locks_freed_as_they_are", locks_freed_as_they_are},
		{"down_a_tree", down_a_tree},
		{"spin_below_mutex", spin_below_mutex},
		{"mutex_tried_below_spin", mutex_tried_below_spin},
		{"refused_by_the_lock", refused_by_the_lock},
		{"c11_by_number", c11_by_number},
		{"very_many", very_many},

		{"two_gates", two_gates},
	};

	for (int i = 0; i < LOCKS; i++) {
		pthread_mutex_init(&locks[i], NULL);
		pthread_rwlock_init(&reads[i], NULL);
	}
	pthread_spin_init(&spin, PTHREAD_PROCESS_PRIVATE);
	for (int i = 0; i < 2; i++)
		mtx_init(&c11[i], mtx_plain);
	REQUIRE(count == 2);
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		if (!strcmp(cases[i].name, arguments[1])) {
			in_threads(THREADS, cases[i].body);
			return 0;
		}
	return 2;
}
