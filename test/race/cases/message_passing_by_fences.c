/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * message_passing_by_fences.c: relaxed atomics between a release and an acquire fence order; without the
 * second they do not.
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
	while (!atomic_load_explicit(&flag, memory_order_relaxed))
		;
	if (RIGHT)
		atomic_thread_fence(memory_order_acquire);
	return get() == 1 ? argument : NULL;
}

int main(void)
{
	pthread_t thread = start(worker, NULL);
	put();
	atomic_thread_fence(memory_order_release);
	atomic_store_explicit(&flag, 1, memory_order_relaxed);
	make_step();
	finish(thread);
}
