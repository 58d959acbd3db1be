/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * order_of_many_mutexes.c: twelve threads, each takes a mutex and the next one; the last closes the
 * circle.
 *
 * finds: lock-order-inversion 12*pair@second,pair@first
 */
#include "case.h"

enum { COUNT = 12 };
SHARED pthread_mutex_t locks[COUNT];

static void *pair(void *argument)
{
	long number = (long)argument, next = (number + 1) % COUNT;
	long first = RIGHT && next < number ? next : number, second = RIGHT && next < number ? number : next;
	await_step((int)number);
	pthread_mutex_lock(&locks[first]);  /* @first */
	pthread_mutex_lock(&locks[second]); /* @second */
	pthread_mutex_unlock(&locks[second]);
	pthread_mutex_unlock(&locks[first]);
	make_step();
	return argument;
}

int main(void)
{
	pthread_t threads[COUNT];
	for (long i = 0; i < COUNT; i++)
		pthread_mutex_init(&locks[i], NULL);
	for (long i = 0; i < COUNT; i++)
		threads[i] = start(pair, (void *)i);
	for (long i = 0; i < COUNT; i++)
		finish(threads[i]);
}
