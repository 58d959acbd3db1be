/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * growth.c: one thing that grows:  growth threads|memory|time N. Prints a number that depends on all that was
 * done, then the longest that one piece of the work took of a thread's time, in microseconds, as "pause: N".
 * None of it races; growth.py makes programs that do.
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
static uint64_t total, longest_ns;

static uint64_t now_ns(void)
{
	struct timespec time;
	clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time); /* else it would be other programs that pause it */
	return (uint64_t)time.tv_sec * 1000000000u + (uint64_t)time.tv_nsec;
}

static void add(uint64_t sum, uint64_t taken)
{
	pthread_mutex_lock(&lock);
	total += sum;
	longest_ns = taken > longest_ns ? taken : longest_ns;
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
			uint64_t start = now_ns(), sum = 0;
			for (size_t i = 0; i < WORDS; i++)
				sum += mine[i] = mine[i] * 3 + i + round;
			add(sum, now_ns() - start);
		}
	}
	return NULL;
}

/* Half of the memory each, written and read once, eight pages a piece. */
static void *touch(void *argument)
{
	size_t half = words / 2, begin = (size_t)(long)argument * half;
	for (size_t at = begin; at < begin + half; at += WORDS / 4) {
		uint64_t start = now_ns(), sum = 0;
		for (size_t i = at; i < at + WORDS / 4; i++)
			memory[i] = i;
		for (size_t i = at; i < at + WORDS / 4; i++)
			sum += memory[i];
		add(sum, now_ns() - start);
	}
	return NULL;
}

/* The same again and again: allocation, a table under a lock, memory of one's own. */
static void *repeat(void *argument)
{
	long me = (long)argument;
	for (long round = 0; round < 200 * number; round++) {
		uint64_t start = now_ns(), sum = 0;
		uint32_t *own = malloc(4096);
		for (uint32_t i = 0; i < 1024; i++)
			own[i] = i + (uint32_t)(round + me);
		for (uint32_t i = 0; i < 64; i++) {
			pthread_mutex_lock(&lock);
			sum += memory[own[i] % words]++ > 0;
			pthread_mutex_unlock(&lock);
		}
		free(own);
		add(sum & 0, now_ns() - start);
	}
	return NULL;
}

static void run(void *(*work)(void *), long count)
{
	pthread_t all[MOST_THREADS];
	for (long i = 0; i < count; i++)
		pthread_create(&all[i], NULL, work, (void *)i);
	for (long i = 0; i < count; i++)
		pthread_join(all[i], NULL);
}

int main(int argc, char **argv)
{
	number = argc > 2 ? atol(argv[2]) : 0;
	if (number < 1 || (threads = number) > 1 << 20)
		return 2;
	words = !strcmp(argv[1], "memory") ? (size_t)number << 17 : (size_t)MOST_THREADS * WORDS;
	memory = calloc(words, sizeof *memory);
	if (!memory)
		return 3;
	if (!strcmp(argv[1], "threads") && number <= MOST_THREADS)
		run(share, number);
	else if (!strcmp(argv[1], "memory"))
		run(touch, 2);
	else if (!strcmp(argv[1], "time"))
		run(repeat, 2);
	else
		return 2;
	printf("%llu\npause: %llu\n", (unsigned long long)total, (unsigned long long)longest_ns / 1000);
	free(memory);
	return 0;
}
