/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * order_of_two_mutexes.c: two threads take two mutexes in two orders, but not at once.
 *
 * finds: lock-order-inversion backward@ba backward@b forward@ab forward@a
 */
#include "case.h"

SHARED pthread_mutex_t a = PTHREAD_MUTEX_INITIALIZER, b = PTHREAD_MUTEX_INITIALIZER;

static void *forward(void *argument)
{
	pthread_mutex_lock(&a); /* @a */
	pthread_mutex_lock(&b); /* @ab */
	pthread_mutex_unlock(&b);
	pthread_mutex_unlock(&a);
	make_step();
	return argument;
}

static void *backward(void *argument)
{
	await_step(1);
	if (RIGHT)
		pthread_mutex_lock(&a);
	pthread_mutex_lock(&b); /* @b */
	if (!RIGHT)
		pthread_mutex_lock(&a); /* @ba */
	pthread_mutex_unlock(&a);
	pthread_mutex_unlock(&b);
	return argument;
}

int main(void)
{
	pthread_t one = start(forward, NULL), two = start(backward, NULL);
	finish(one);
	finish(two);
}
