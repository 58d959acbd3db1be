/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * cond_with_two_mutexes.c: two threads wait on one condition with two mutexes.
 *
 * finds: cond-wrong-mutex main@second waiter@first
 */
#include "case.h"

#include <time.h>

SHARED pthread_mutex_t one = PTHREAD_MUTEX_INITIALIZER, two = PTHREAD_MUTEX_INITIALIZER;
SHARED pthread_cond_t cond = PTHREAD_COND_INITIALIZER;
SHARED int done;

static void *waiter(void *argument)
{
	pthread_mutex_lock(&one);
	make_step();
	while (!done)
		pthread_cond_wait(&cond, &one); /* @first */
	pthread_mutex_unlock(&one);
	return argument;
}

int main(void)
{
	struct timespec past = {1, 0};
	pthread_mutex_t *mine = RIGHT ? &one : &two;
	pthread_t other = start(waiter, NULL);
	await_step(1);
	pthread_mutex_lock(&one); /* it waits now */
	pthread_mutex_unlock(&one);
	pthread_mutex_lock(mine);
	pthread_cond_timedwait(&cond, mine, &past); /* @second */
	pthread_mutex_unlock(mine);
	pthread_mutex_lock(&one);
	done = 1;
	pthread_cond_broadcast(&cond);
	pthread_mutex_unlock(&one);
	finish(other);
}
