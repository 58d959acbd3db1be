/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * savings.c: savings WAY: touches memory in a way in which one of the techniques that make checks cheaper
 * saves instructions. A thread beside the first does so; four at the same time where threads share, two where
 * one has written what both read; the first alone where it is the only one.
 */
#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#define NOINLINE __attribute__((noinline))
enum { THREADS = 4, ROUNDS = 8000, MANY = 64, WIDE = 8 };

static long table[MANY];
static atomic_long counter;
static atomic_int ready; /* threads that have read the table: in no order */
static int count;
static pthread_barrier_t all; /* that there are */
static int many = MANY;       /* no constant to the compiler */
static _Thread_local pthread_mutex_t *lock;
static _Thread_local struct own {
	long values[MANY], wide[MANY][WIDE], all, even, odd;
} * mine;

/* Nobody else can reach `digits`. */
NOINLINE static long local(long round)
{
	char digits[24];
	int length = 0;

	for (long left = round + 1000000; left; left /= 10)
		digits[length++ % 24] = (char)(left % 10);
	return digits[round % length];
}

/* Read and written: one check each. */
NOINLINE static long repeated(long round)
{
	struct own *of = mine;

	of->all++;
	if (of->all & 1)
		of->odd++;
	else
		of->even++;
	return of->all + of->odd + of->even;
}

NOINLINE static long loops(long round)
{
	const long *values = mine->values;
	long sum = 0;

	for (int i = 0; i < many; i++)
		sum += values[i];
	return sum + round;
}

/* Nothing is recorded before the first thread. */
NOINLINE static long bodies(long round)
{
	long *values = mine->values, at = round;

	for (int i = 0; i < many; i++)
		at += values[at & (MANY - 1)] += i;
	return at;
}

/* Where it ends is known behind it. */
NOINLINE static long behind(long round)
{
	const long *values = mine->values;
	long i = 0;

	while (values[i] != round + 1)
		if (++i == many)
			break;
	return i;
}

NOINLINE static long shared(long round)
{
	return table[round % MANY] + table[round * 7 % MANY] + table[round / 3 % MANY];
}

NOINLINE static long quick(long round)
{
	return atomic_fetch_add_explicit(&counter, 1, memory_order_relaxed) + round;
}

NOINLINE static long deeper(long round, int depth)
{
	long sum = mine->values[round % MANY];

	if (depth)
		sum += deeper(round + 1, depth - 1);
	__asm__ volatile("" : "+r"(sum)); /* no loop is made of it */
	return sum;
}

NOINLINE static long stacks(long round)
{
	return deeper(round, 20) + deeper(round, 15);
}

/* What this thread alone has had, in a new epoch each time. */
NOINLINE static long owners(long round)
{
	long *values = mine->values;

	pthread_mutex_lock(lock);
	for (int i = 0; i < many; i++)
		values[i] = round;
	pthread_mutex_unlock(lock);
	return round;
}

/* Nobody took the lock since, and nothing was touched between: the epoch is that of before. */
NOINLINE static long back(long round)
{
	pthread_mutex_t *own = lock;
	struct own *at = mine;

	for (int i = 0; i < 8; i++) {
		pthread_mutex_lock(own);
		at->all += round;
		at->values[0] += round;
		at->values[8] += round;
		at->values[16] += round;
		pthread_mutex_unlock(own);
	}
	return round;
}

NOINLINE static long walks(long round)
{
	const struct own *own = mine;
	long sum = 0;

	for (int i = 0; i < many; i++)
		sum += own->wide[i][round % WIDE];
	return sum;
}

/* All of it in a new epoch each time, and never less. */
NOINLINE static long pages(long round)
{
	static _Thread_local char *all;

	if (!all)
		all = aligned_alloc(4096, 1 << 16);
	pthread_mutex_lock(lock);
	memset(all, (int)round, 1 << 16);
	pthread_mutex_unlock(lock);
	return round;
}

/* Written by a thread, then read by two, in a new epoch each time; neither gets far ahead. */
NOINLINE static long past(long round)
{
	static long agreed[MANY];
	static atomic_bool is_written;

	if (!round && !atomic_exchange(&is_written, true))
		for (int i = 0; i < many; i++)
			agreed[i] = round + 1;
	if (round % 32 == 0)
		pthread_barrier_wait(&all);
	atomic_fetch_add_explicit(&counter, 1, memory_order_acq_rel);
	for (int i = 0; i < 16; i++)
		round += agreed[round * 7 % MANY];
	return round;
}

/* Its own memory, of which it reads other bytes each time, and its lock in between: nobody else wants it. */
NOINLINE static long alike(long round)
{
	static _Thread_local char *bytes;

	if (!bytes)
		bytes = memset(malloc(16 * 8), 1, 16 * 8);
	for (int i = 0; i < 16; i++)
		round += bytes[i * 8 + (round & 7)];
	pthread_mutex_lock(lock);
	mine->values[0]++;
	pthread_mutex_unlock(lock);
	return round;
}

/* Two of its own numbers in one cell, each of them in epochs of its own. */
NOINLINE static long few(long round)
{
	static _Thread_local struct {
		int first, second;
	} * own;

	if (!own)
		own = aligned_alloc(8, sizeof(*own));
	atomic_fetch_add_explicit(&counter, 1, memory_order_acq_rel);
	if (round & 1)
		own->first = (int)round;
	else
		own->second = (int)round;
	atomic_fetch_add_explicit(&counter, 1, memory_order_acq_rel);
	return round & 2 ? own->first : own->second;
}

static const struct {
	const char *name;
	long (*run)(long round);
} ways[] = {{"local", local}, {"repeated", repeated}, {"loops", loops}, {"behind", behind},
	{"shared", shared}, {"quick", quick}, {"bodies", bodies}, {"stacks", stacks}, {"owners", owners},
	{"back", back}, {"pages", pages}, {"walks", walks}, {"past", past}, {"alike", alike}, {"few", few}};
static long (*way)(long round);

static void *work(void *argument)
{
	long sum = 0;

	for (int i = 0; i < many; i++)
		sum += table[i];
	atomic_fetch_add_explicit(&ready, 1, memory_order_relaxed);
	while (atomic_load_explicit(&ready, memory_order_relaxed) < count)
		sched_yield();
	lock = calloc(1, sizeof(*lock));
	mine = calloc(1, sizeof(*mine));
	for (long round = 0; round < ROUNDS; round++)
		sum += way(round);
	return sum ? argument : NULL;
}

int main(int argc, char **argv)
{
	pthread_t threads[THREADS];

	many -= argc > 2;
	count = argc == 2 && !strcmp(argv[1], "shared")   ? THREADS
		: argc == 2 && !strcmp(argv[1], "bodies") ? 0
		: argc == 2 && !strcmp(argv[1], "past")   ? 2
							  : 1;
	pthread_barrier_init(&all, NULL, (unsigned)count + !count);
	for (int i = 0; i < MANY; i++)
		table[i] = argc;
	for (size_t i = 0; i < sizeof(ways) / sizeof(*ways); i++)
		if (argc == 2 && !strcmp(argv[1], ways[i].name))
			way = ways[i].run;
	if (!way)
		return 2;
	if (!count)
		work(NULL);
	for (int i = 0; i < count; i++)
		if (pthread_create(&threads[i], NULL, work, NULL))
			return 1;
	for (int i = 0; i < count; i++)
		pthread_join(threads[i], NULL);
}
