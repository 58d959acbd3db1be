/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * growth.c: one thing that grows:  growth threads|memory|time|locks|births|mutexes N. Prints a number that
 * depends on all that was done, then the longest that one piece of the work took, of a thread's time and on
 * the clock, in microseconds, as "pause: N N". None of it races; growth.py makes programs that do.
 */
#include <pthread.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { MOST_THREADS = 64, WORDS = 1 << 14 };

static long number, threads;
static uint64_t *memory;
static size_t words;
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static uint64_t total;

struct moment {
	uint64_t of_thread, on_clock; /* other programs pause the latter, too */
};
static struct moment longest;

static uint64_t read_ns(clockid_t clock)
{
	struct timespec time;
	clock_gettime(clock, &time);
	return (uint64_t)time.tv_sec * 1000000000u + (uint64_t)time.tv_nsec;
}

static struct moment now(void)
{
	return (struct moment){read_ns(CLOCK_THREAD_CPUTIME_ID), read_ns(CLOCK_MONOTONIC)};
}

static void add(uint64_t sum, struct moment start)
{
	struct moment end = now();
	uint64_t of_thread = end.of_thread - start.of_thread, on_clock = end.on_clock - start.on_clock;
	pthread_mutex_lock(&lock);
	total += sum;
	longest.of_thread = of_thread > longest.of_thread ? of_thread : longest.of_thread;
	longest.on_clock = on_clock > longest.on_clock ? on_clock : longest.on_clock;
	pthread_mutex_unlock(&lock);
}

/* The same work whatever the number of threads: 64 pieces, each on memory of its own, with a lock after each
 * round. */
static void *share(void *argument)
{
	long me = (long)argument;
	for (long piece = me; piece < MOST_THREADS; piece += threads) {
		uint64_t *mine = memory + piece * WORDS;
		for (uint64_t round = 0; round < 60; round++) {
			struct moment start = now();
			uint64_t sum = 0;
			for (size_t i = 0; i < WORDS; i++)
				sum += mine[i] = mine[i] * 3 + i + round;
			add(sum, start);
		}
	}
	return NULL;
}

/* Half of the memory each, written and read once, eight pages a piece. */
static void *touch(void *argument)
{
	size_t half = words / 2, begin = (size_t)(long)argument * half;
	for (size_t at = begin; at < begin + half; at += WORDS / 4) {
		struct moment start = now();
		uint64_t sum = 0;
		for (size_t i = at; i < at + WORDS / 4; i++)
			memory[i] = i;
		for (size_t i = at; i < at + WORDS / 4; i++)
			sum += memory[i];
		add(sum, start);
	}
	return NULL;
}

/* The same again and again: allocation, a table under a lock, memory of one's own. */
static void *repeat(void *argument)
{
	long me = (long)argument;
	for (long round = 0; round < 200 * number; round++) {
		struct moment start = now();
		uint64_t sum = 0;
		uint32_t *own = malloc(4096);
		for (uint32_t i = 0; i < 1024; i++)
			own[i] = i + (uint32_t)(round + me);
		for (uint32_t i = 0; i < 64; i++) {
			pthread_mutex_lock(&lock);
			sum += memory[own[i] % words]++ > 0;
			pthread_mutex_unlock(&lock);
		}
		free(own);
		add(sum & 0, start);
	}
	return NULL;
}

/* A lock between two threads: each time an epoch is over. */
static void *take_locks(void *argument)
{
	static pthread_mutex_t turn = PTHREAD_MUTEX_INITIALIZER;
	for (long round = 0; round < 20 * number; round++) {
		struct moment start = now();
		for (int i = 0; i < 1000; i++) {
			pthread_mutex_lock(&turn);
			memory[0]++;
			pthread_mutex_unlock(&turn);
		}
		add(0, start);
	}
	return argument;
}

static void *nothing(void *argument)
{
	++*(uint64_t *)argument;
	return argument;
}

static void *give_birth(void *argument)
{
	for (long round = 0; round < 10 * number; round++) {
		struct moment start = now();
		uint64_t births = 0;
		for (int i = 0; i < 10; i++) {
			pthread_t child;
			pthread_create(&child, NULL, nothing, &births);
			pthread_join(child, NULL);
		}
		add(births, start);
	}
	return argument;
}

/* Locks that come and go with what they guard. */
static void *make_mutexes(void *argument)
{
	struct {
		pthread_mutex_t mutex;
		uint64_t value;
	} * guarded;
	for (long round = 0; round < 10 * number; round++) {
		struct moment start = now();
		for (int i = 0; i < 50; i++) {
			guarded = malloc(sizeof(*guarded));
			pthread_mutex_init(&guarded->mutex, NULL);
			pthread_mutex_lock(&guarded->mutex);
			guarded->value = 1;
			pthread_mutex_unlock(&guarded->mutex);
			pthread_mutex_destroy(&guarded->mutex);
			free(guarded);
		}
		add(1, start);
	}
	return argument;
}

static const struct {
	const char *name;
	void *(*work)(void *);
} ways[] = {
	{"threads", share},
	{"memory", touch},
	{"time", repeat},
	{"locks", take_locks},
	{"births", give_birth},
	{"mutexes", make_mutexes},
};

static void run(void *(*work)(void *), long count)
{
	pthread_t all[MOST_THREADS];
	for (long i = 0; i < count; i++)
		pthread_create(&all[i], NULL, work, (void *)i);
	for (long i = 0; i < count; i++)
		pthread_join(all[i], NULL);
}

#define WAYS (sizeof(ways) / sizeof(*ways))

/* WAYS: there is none of that name. */
static size_t find_way(const char *name)
{
	size_t way = 0;
	while (way < WAYS && strcmp(name, ways[way].name))
		way++;
	return way;
}

static int complain(const char *name)
{
	fprintf(stderr, "growth: usage: growth WAY NUMBER; there is no way '%s', but:", name);
	for (size_t i = 0; i < WAYS; i++)
		fprintf(stderr, " %s", ways[i].name);
	fprintf(stderr, "; threads are %d at most\n", MOST_THREADS);
	return 2;
}

int main(int argc, char **argv)
{
	const char *name = argc > 1 ? argv[1] : "";
	size_t way = find_way(name);
	number = argc > 2 ? atol(argv[2]) : 0;
	threads = number;
	if (way == WAYS || number < 1 || number > 1 << 20 ||
		(ways[way].work == share && number > MOST_THREADS))
		return complain(name);
	words = ways[way].work == touch ? (size_t)number << 17 : (size_t)MOST_THREADS * WORDS;
	memory = calloc(words, sizeof *memory);
	if (!memory) {
		fprintf(stderr, "growth: no memory for %zu words\n", words);
		return 3;
	}
	run(ways[way].work, ways[way].work == share ? number : 2);
	printf("%llu\npause: %llu %llu\n", (unsigned long long)total,
		(unsigned long long)longest.of_thread / 1000, (unsigned long long)longest.on_clock / 1000);
	free(memory);
	return 0;
}
