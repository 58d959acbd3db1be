/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * store_ends_what_others_released.c: a thread joins another's release sequence by an update, and then stores.
 * Both release, but the store's reader knows nothing of the other thread.
 *
 * race: write @write put main / read @read get reader
 */
#include "case.h"

#include <stdatomic.h>

SHARED int data;
SHARED atomic_int flag;

NOINLINE static void put(void)
{
	data = 1; /* @write */
	STAY();
}

NOINLINE static int get(void)
{
	return data; /* @read */
}

static void *second(void *argument)
{
	await_step(1);
	atomic_fetch_add_explicit(&flag, 1, memory_order_release);
	if (!RIGHT)
		atomic_store_explicit(&flag, 3, memory_order_release);
	make_step();
	return argument;
}

static void *reader(void *argument)
{
	await_step(2);
	if (!atomic_load_explicit(&flag, memory_order_acquire))
		__builtin_trap();
	return get() ? argument : NULL;
}

int main(void)
{
	pthread_t threads[2] = {start(second, NULL), start(reader, NULL)};
	put();
	atomic_fetch_add_explicit(&flag, 1, memory_order_release);
	make_step();
	finish(threads[0]);
	finish(threads[1]);
}
