/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * second_release_after_the_first_was_seen.c: a thread releases twice with nothing between but that another
 * one acquired the first. The two stores are not one: a plain write that knows of the first alone races.
 *
 * race: any @first say main / write @plain spoil worker
 */
#include "case.h"

#include <stdatomic.h>

SHARED atomic_int flag;

NOINLINE static void say(int what)
{
	atomic_store_explicit(&flag, what, memory_order_release); /* @first */
	STAY();
}

NOINLINE static void spoil(int *place)
{
	*place = 3; /* @plain */
	STAY();
}

static void *worker(void *argument)
{
	await_step(1);
	int seen = atomic_load_explicit(&flag, memory_order_acquire);
	make_step();
	await_step(3);
	if (RIGHT)
		seen += atomic_load_explicit(&flag, memory_order_acquire);
	spoil((int *)&flag);
	return seen ? argument : NULL;
}

int main(void)
{
	pthread_t thread = start(worker, NULL);
	say(0);
	say(1);
	make_step();
	await_step(2);
	say(2);
	make_step();
	finish(thread);
}
