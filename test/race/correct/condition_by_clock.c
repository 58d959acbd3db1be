/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception */
/* Condition variables on the monotonic clock: waits that time out, waits that are signalled, by both calls.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <time.h>

#include "correct.h"

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t changed;
static int stage;
static char text[32];

static struct timespec after(clockid_t clock, long nanoseconds, int seconds)
{
	struct timespec when;
	clock_gettime(clock, &when);
	when.tv_sec += seconds;
	when.tv_nsec += nanoseconds;
	if (when.tv_nsec >= 1000000000) {
		when.tv_sec++;
		when.tv_nsec -= 1000000000;
	}
	return when;
}

static void *work(void *argument)
{
	int me = (int)(intptr_t)argument;
	for (int n = me; n < 100; n += 2) {
		pthread_mutex_lock(&lock);
		while (stage != n) {
			struct timespec soon = after(CLOCK_MONOTONIC, 100000, 0),
					late = after(CLOCK_REALTIME, 0, 100);
			int rc = n % 4 < 2 ? pthread_cond_timedwait(&changed, &lock, &soon)
					   : pthread_cond_clockwait(&changed, &lock, CLOCK_REALTIME, &late);
			REQUIRE(rc == 0 || (rc == ETIMEDOUT && n % 4 < 2));
		}
		snprintf(text, sizeof(text), "stage %d by %d", n, me);
		stage = n + 1;
		pthread_cond_broadcast(&changed);
		pthread_mutex_unlock(&lock);
	}
	return NULL;
}

int main(void)
{
	pthread_condattr_t attributes;
	pthread_condattr_init(&attributes);
	pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC);
	pthread_cond_init(&changed, &attributes);
	in_threads(2, work);
	pthread_cond_destroy(&changed);
	REQUIRE(stage == 100);
	return 0;
}
