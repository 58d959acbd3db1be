/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * cond_destroyed_with_waiter.c: a condition is destroyed that a thread waits on.
 *
 * finds: cond-in-use main@gone waiter@waits
 */
#include "case.h"

#include <time.h>
#include <unistd.h>

SHARED pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
SHARED pthread_cond_t cond = PTHREAD_COND_INITIALIZER;

static void *waiter(void *argument)
{
	struct timespec until;
	pthread_mutex_lock(&lock);
	make_step();
	if (RIGHT)
		await_step(1);
	clock_gettime(CLOCK_REALTIME, &until);
	until.tv_sec += RIGHT ? 0 : 3600;
	pthread_cond_timedwait(&cond, &lock, &until); /* @waits */
	pthread_mutex_unlock(&lock);
	return argument;
}

/* Nobody else would end it: glibc waits for those who wait. */
static void *end(void *argument)
{
	(void)argument;
	while (!(((volatile unsigned *)&cond)[9] & 4)) /* it has been destroyed, in glibc */
		usleep(1000);
	_exit(0);
}

int main(void)
{
	pthread_t other = start(waiter, NULL);
	await_step(1);
	pthread_mutex_lock(&lock); /* it waits now */
	pthread_mutex_unlock(&lock);
	if (RIGHT)
		finish(other);
	else
		start(end, NULL);
	pthread_cond_destroy(&cond); /* @gone */
}
