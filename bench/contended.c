/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * contended.c: contended THREADS CALLS. All threads together call one small function THREADS * CALLS times,
 * spread over the processors. On a busy machine threads take turns, and then nothing is contended and no
 * count is lost: a run with less than 1.5 processors' worth of work at once says so, with exit status 3. */
#define _GNU_SOURCE
#include <pthread.h>
#include <sched.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

enum { MAX_THREADS = 64, TOOK_TURNS = 3 };

static pthread_barrier_t together;
static long calls;

__attribute__((noinline)) static uint32_t hot(uint32_t x)
{
	if (x & 0x100)
		x ^= 0x9e3779b9;
	return x * 1664525 + 1013904223;
}

static void *work(void *argument)
{
	uint32_t x = (uint32_t)(uintptr_t)argument;

	pthread_barrier_wait(&together);
	for (long n = 0; n < calls; n++)
		x = hot(x);
	return (void *)(uintptr_t)x;
}

static double seconds(clockid_t clock)
{
	struct timespec now;

	clock_gettime(clock, &now);
	return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

static void pin(pthread_t thread, long number)
{
	cpu_set_t one;

	CPU_ZERO(&one);
	CPU_SET(number % sysconf(_SC_NPROCESSORS_ONLN), &one);
	pthread_setaffinity_np(thread, sizeof(one), &one);
}

int main(int argc, char **argv)
{
	long threads = argc > 1 ? strtol(argv[1], NULL, 10) : 2;
	pthread_t started[MAX_THREADS];
	double wall, cpu;

	calls = argc > 2 ? strtol(argv[2], NULL, 10) : 2000000;
	if (threads < 1 || threads > MAX_THREADS)
		return 2;
	pthread_barrier_init(&together, NULL, (unsigned)threads + 1);
	for (long n = 0; n < threads; n++) {
		if (pthread_create(&started[n], NULL, work, (void *)(uintptr_t)(n + 1)) != 0)
			return 1;
		pin(started[n], n);
	}
	wall = seconds(CLOCK_MONOTONIC);
	cpu = seconds(CLOCK_PROCESS_CPUTIME_ID);
	pthread_barrier_wait(&together);
	for (long n = 0; n < threads; n++)
		pthread_join(started[n], NULL);
	wall = seconds(CLOCK_MONOTONIC) - wall;
	cpu = seconds(CLOCK_PROCESS_CPUTIME_ID) - cpu;
	return threads > 1 && cpu < 1.5 * wall ? TOOK_TURNS : 0;
}
