/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * release_sequence_broken_by_another_store.c: between a release store and the acquire load another thread
 * makes a relaxed store, which ends the release sequence; a read-modify-write goes on with it.
 *
 * race: write @write put main / read @read get worker
 */
#include "case.h"

#include <stdatomic.h>

SHARED int data;
static atomic_int flag;

NOINLINE static void put(void)
{
	data = 1; /* @write */
	STAY();
}

NOINLINE static int get(void)
{
	return data; /* @read */
}

static void *other(void *argument)
{
	await_step(1);
	if (RIGHT)
		atomic_fetch_add_explicit(&flag, 1, memory_order_relaxed);
	else
		atomic_store_explicit(&flag, 2, memory_order_relaxed);
	make_step();
	return argument;
}

static void *worker(void *argument)
{
	await_step(2);
	if (atomic_load_explicit(&flag, memory_order_acquire) != 2)
		__builtin_trap();
	return get() == 1 ? argument : NULL;
}

int main(void)
{
	pthread_t one = start(other, NULL), two = start(worker, NULL);
	put();
	atomic_store_explicit(&flag, 1, memory_order_release);
	make_step();
	finish(one);
	finish(two);
}
