/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception */
/* Recursive, error-checking, adaptive, timed and robust mutexes; the robust one loses its owner. */
#define _GNU_SOURCE
#include <errno.h>
#include <time.h>

#include "correct.h"

static pthread_mutex_t recursive, checking, adaptive, robust;
static long counts[4];

static void make(pthread_mutex_t *mutex, int type, int robustness)
{
	pthread_mutexattr_t attributes;
	pthread_mutexattr_init(&attributes);
	pthread_mutexattr_settype(&attributes, type);
	pthread_mutexattr_setrobust(&attributes, robustness);
	REQUIRE(pthread_mutex_init(mutex, &attributes) == 0);
	pthread_mutexattr_destroy(&attributes);
}

static void *work(void *argument)
{
	(void)argument;
	for (int n = 0; n < 200; n++) {
		pthread_mutex_lock(&recursive);
		pthread_mutex_lock(&recursive);
		counts[0]++;
		pthread_mutex_unlock(&recursive);
		counts[0]++;
		pthread_mutex_unlock(&recursive);
		REQUIRE(pthread_mutex_lock(&checking) == 0 && pthread_mutex_lock(&checking) == EDEADLK);
		counts[1]++;
		REQUIRE(pthread_mutex_unlock(&checking) == 0);
		struct timespec when;
		clock_gettime(CLOCK_MONOTONIC, &when);
		when.tv_sec += 100;
		if (n % 2)
			REQUIRE(pthread_mutex_clocklock(&adaptive, CLOCK_MONOTONIC, &when) == 0);
		else
			while (pthread_mutex_trylock(&adaptive) != 0) {
			}
		counts[2]++;
		pthread_mutex_unlock(&adaptive);
	}
	return NULL;
}

static void *die_with_it(void *argument)
{
	(void)argument;
	REQUIRE(pthread_mutex_lock(&robust) == 0);
	counts[3]++;
	return NULL;
}

int main(void)
{
	make(&recursive, PTHREAD_MUTEX_RECURSIVE, PTHREAD_MUTEX_STALLED);
	make(&checking, PTHREAD_MUTEX_ERRORCHECK, PTHREAD_MUTEX_STALLED);
	make(&adaptive, PTHREAD_MUTEX_ADAPTIVE_NP, PTHREAD_MUTEX_STALLED);
	make(&robust, PTHREAD_MUTEX_NORMAL, PTHREAD_MUTEX_ROBUST);
	in_threads(4, work);
	REQUIRE(counts[0] == 1600 && counts[1] == 800 && counts[2] == 800);
	in_threads(1, die_with_it);
	REQUIRE(pthread_mutex_lock(&robust) == EOWNERDEAD);
	REQUIRE(counts[3] == 1);
	REQUIRE(pthread_mutex_consistent(&robust) == 0 && pthread_mutex_unlock(&robust) == 0);
	return 0;
}
