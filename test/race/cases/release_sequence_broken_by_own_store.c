/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * release_sequence_broken_by_own_store.c: a relaxed store after the release store ends the release sequence,
 * also in the same thread (C++20, P0982).
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

static void *worker(void *argument)
{
	await_step(1);
	if (atomic_load_explicit(&flag, memory_order_acquire) != 2)
		__builtin_trap();
	return get() == 1 ? argument : NULL;
}

int main(void)
{
	pthread_t thread = start(worker, NULL);
	put();
	atomic_store_explicit(&flag, 1, memory_order_release);
	atomic_store_explicit(&flag, 2, RIGHT ? memory_order_release : memory_order_relaxed);
	make_step();
	finish(thread);
}
