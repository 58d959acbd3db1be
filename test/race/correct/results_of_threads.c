/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception */
/* Results come back by return and by pthread_exit from deep below, through join, tryjoin, timedjoin and
 * clockjoin. */
#define _GNU_SOURCE
#include <errno.h>
#include <sched.h>
#include <time.h>

#include "correct.h"

struct result {
	int depth;
	long values[4];
};

static void descend(struct result *result, int depth)
{
	result->depth++;
	result->values[depth % 4] += depth;
	if (depth == 0)
		pthread_exit(result);
	descend(result, depth - 1);
}

static void *work(void *argument)
{
	struct result *result = calloc(1, sizeof(*result));
	if ((intptr_t)argument % 2)
		descend(result, 20);
	for (int n = 0; n <= 20; n++) {
		result->depth++;
		result->values[n % 4] += n;
	}
	return result;
}

int main(void)
{
	for (int round = 0; round < 10; round++) {
		pthread_t threads[8];
		for (int n = 0; n < 8; n++)
			REQUIRE(pthread_create(&threads[n], NULL, work, (void *)(intptr_t)(n / 4)) == 0);
		for (int n = 0; n < 8; n++) {
			void *got = NULL;
			struct timespec when;
			int rc;
			clock_gettime(n % 4 == 3 ? CLOCK_MONOTONIC : CLOCK_REALTIME, &when);
			when.tv_sec += 100;
			switch (n % 4) {
			case 0:
				rc = pthread_join(threads[n], &got);
				break;
			case 1:
				while ((rc = pthread_tryjoin_np(threads[n], &got)) == EBUSY)
					sched_yield();
				break;
			case 2:
				rc = pthread_timedjoin_np(threads[n], &got, &when);
				break;
			default:
				rc = pthread_clockjoin_np(threads[n], &got, CLOCK_MONOTONIC, &when);
			}
			struct result *result = got;
			REQUIRE(rc == 0 && result->depth == 21 && result->values[3] == 3 + 7 + 11 + 15 + 19);
			free(result);
		}
	}
	return 0;
}
