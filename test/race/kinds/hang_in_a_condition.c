/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * hang_in_a_condition.c: a thread waits on a condition with a mutex in its hands that the one who would
 * wake it needs.
 *
 * finds: deadlock
 * circle: main@wants waits@outer waits@waits main@inner
 * hangs: yes
 */
#include "case.h"

SHARED pthread_mutex_t outer = PTHREAD_MUTEX_INITIALIZER, inner = PTHREAD_MUTEX_INITIALIZER;
SHARED pthread_cond_t cond = PTHREAD_COND_INITIALIZER;
SHARED int ready;

static void *waits(void *argument)
{
	pthread_mutex_lock(&outer); /* @outer */
	if (RIGHT)
		pthread_mutex_unlock(&outer);
	pthread_mutex_lock(&inner);
	make_step();
	while (!ready)
		pthread_cond_wait(&cond, &inner); /* @waits */
	pthread_mutex_unlock(&inner);
	if (!RIGHT)
		pthread_mutex_unlock(&outer);
	return argument;
}

int main(void)
{
	pthread_t other = start(waits, NULL);
	await_step(1);
	pthread_mutex_lock(&inner); /* @inner */
	ready = 1;
	pthread_cond_signal(&cond);
	if (!RIGHT)
		pthread_mutex_lock(&outer); /* @wants */
	pthread_mutex_unlock(&inner);
	if (!RIGHT)
		pthread_mutex_unlock(&outer);
	finish(other);
}
