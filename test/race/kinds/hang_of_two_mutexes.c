/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * hang_of_two_mutexes.c: two threads hold a mutex each and wait for the other's, for ever.
 *
 * finds: deadlock
 * circle: forward@ab backward@b backward@ba forward@a
 * hangs: yes
 */
#include "case.h"

SHARED pthread_mutex_t a = PTHREAD_MUTEX_INITIALIZER, b = PTHREAD_MUTEX_INITIALIZER;

static void *forward(void *argument)
{
	pthread_mutex_lock(&a); /* @a */
	make_step();
	if (!RIGHT)
		await_step(2);
	pthread_mutex_lock(&b); /* @ab */
	pthread_mutex_unlock(&b);
	pthread_mutex_unlock(&a);
	return argument;
}

static void *backward(void *argument)
{
	if (RIGHT)
		pthread_mutex_lock(&a);
	pthread_mutex_lock(&b); /* @b */
	make_step();
	if (!RIGHT) {
		await_step(2);
		pthread_mutex_lock(&a); /* @ba */
	}
	pthread_mutex_unlock(&b);
	pthread_mutex_unlock(&a);
	return argument;
}

int main(void)
{
	pthread_t one = start(forward, NULL), two = start(backward, NULL);
	finish(one);
	finish(two);
}
