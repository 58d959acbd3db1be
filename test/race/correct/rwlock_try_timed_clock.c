/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception */
/* A pthread rwlock by all its ways in: plain, try, timed, and timed by a clock of choice. */
#define _GNU_SOURCE
#include <sched.h>
#include <time.h>

#include "correct.h"

static pthread_rwlock_t lock = PTHREAD_RWLOCK_INITIALIZER;
static long numbers[8];

static struct timespec far_from(clockid_t clock)
{
	struct timespec when;
	clock_gettime(clock, &when);
	when.tv_sec += 100;
	return when;
}

static void lock_to_read(int way)
{
	struct timespec when = far_from(way == 3 ? CLOCK_MONOTONIC : CLOCK_REALTIME);
	switch (way) {
	case 0:
		REQUIRE(pthread_rwlock_rdlock(&lock) == 0);
		break;
	case 1:
		while (pthread_rwlock_tryrdlock(&lock) != 0)
			sched_yield();
		break;
	case 2:
		REQUIRE(pthread_rwlock_timedrdlock(&lock, &when) == 0);
		break;
	default:
		REQUIRE(pthread_rwlock_clockrdlock(&lock, CLOCK_MONOTONIC, &when) == 0);
	}
}

static void lock_to_write(int way)
{
	struct timespec when = far_from(way == 3 ? CLOCK_MONOTONIC : CLOCK_REALTIME);
	switch (way) {
	case 0:
		REQUIRE(pthread_rwlock_wrlock(&lock) == 0);
		break;
	case 1:
		while (pthread_rwlock_trywrlock(&lock) != 0)
			sched_yield();
		break;
	case 2:
		REQUIRE(pthread_rwlock_timedwrlock(&lock, &when) == 0);
		break;
	default:
		REQUIRE(pthread_rwlock_clockwrlock(&lock, CLOCK_MONOTONIC, &when) == 0);
	}
}

static void *work(void *argument)
{
	int me = (int)(intptr_t)argument;
	for (int n = 0; n < 200; n++) {
		if ((n + me) % 5 == 0) {
			lock_to_write((n + me) / 5 % 4);
			for (int k = 0; k < 8; k++)
				numbers[k] += k;
		} else {
			lock_to_read(n % 4);
			for (int k = 0; k < 8; k++)
				REQUIRE(numbers[k] == numbers[1] * k);
		}
		REQUIRE(pthread_rwlock_unlock(&lock) == 0);
	}
	return NULL;
}

int main(void)
{
	in_threads(5, work);
	REQUIRE(numbers[1] == 200);
	return 0;
}
