/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * barrier_destroyed_with_waiter.c: a barrier is destroyed that a thread waits at.
 *
 * finds: barrier-in-use main@gone waiter@waits
 */
#include "case.h"

#include <unistd.h>

static pthread_barrier_t barrier;

/* Nobody else would end it: glibc waits for those who wait. */
static void *end(void *argument)
{
	(void)argument;
	while (!((volatile unsigned *)&barrier)[4]) /* "out": it has been destroyed, in glibc */
		usleep(1000);
	_exit(0);
	return argument;
}

static void *waiter(void *argument)
{
	make_step();
	pthread_barrier_wait(&barrier); /* @waits */
	return argument;
}

int main(void)
{
	pthread_barrier_init(&barrier, NULL, 2);
	pthread_t other = start(waiter, NULL);
	await_step(1);
	if (RIGHT) {
		pthread_barrier_wait(&barrier);
		pthread_barrier_destroy(&barrier);
		finish(other);
		return 0;
	}
	while (((volatile unsigned *)&barrier)[0] != 1) /* how many have come, in glibc */
		usleep(1000);
	start(end, NULL);
	pthread_barrier_destroy(&barrier); /* @gone */
	return 1;
}
