/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * barrier_made_anew_with_waiter.c: a barrier is made anew while a thread waits at it.
 *
 * finds: barrier-in-use main@anew waiter@waits
 */
#include "case.h"

#include <unistd.h>

static pthread_barrier_t barrier;

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
		finish(other);
	} else {
		while (((volatile unsigned *)&barrier)[0] != 1) /* how many have come, in glibc */
			usleep(1000);
	}
	pthread_barrier_init(&barrier, NULL, 2); /* @anew */
	_exit(0);
}
