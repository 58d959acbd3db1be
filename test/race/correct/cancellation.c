/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception */
/* Threads cancelled in a wait, in a loop of test points and at once; their clean-up handlers tidy up. */
#include <sched.h>
#include <stdatomic.h>

#include "correct.h"

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t never = PTHREAD_COND_INITIALIZER;
static int cleaned, steps;
static _Atomic int started;

static void tidy(void *argument)
{
	cleaned++;
	free(argument);
	pthread_mutex_unlock(&lock);
}

static void *wait_for_ever(void *argument)
{
	(void)argument;
	pthread_mutex_lock(&lock);
	int *mine = malloc(sizeof(*mine));
	*mine = 1;
	pthread_cleanup_push(tidy, mine);
	started++;
	for (;;)
		pthread_cond_wait(&never, &lock);
	pthread_cleanup_pop(1);
	return NULL;
}

static void *step(void *argument)
{
	(void)argument;
	started++;
	for (;;) {
		pthread_setcancelstate(PTHREAD_CANCEL_DISABLE, NULL);
		pthread_mutex_lock(&lock);
		steps++;
		pthread_mutex_unlock(&lock);
		pthread_setcancelstate(PTHREAD_CANCEL_ENABLE, NULL);
		pthread_testcancel();
	}
	return NULL;
}

int main(void)
{
	for (int round = 0; round < 10; round++) {
		pthread_t threads[4];
		started = 0;
		for (int n = 0; n < 4; n++)
			REQUIRE(pthread_create(&threads[n], NULL, n % 2 ? step : wait_for_ever, NULL) == 0);
		while (started < 4)
			sched_yield();
		for (int n = 0; n < 4; n++)
			pthread_cancel(threads[n]);
		for (int n = 0; n < 4; n++) {
			void *result;
			REQUIRE(pthread_join(threads[n], &result) == 0 && result == PTHREAD_CANCELED);
		}
	}
	REQUIRE(cleaned == 20 && steps > 0);
	return 0;
}
