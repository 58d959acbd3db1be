/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * counter_that_becomes_a_flag.c: a relaxed counter that is busy enough to be counted without asking the
 * runtime, and then carries a message. Whoever counted after the message has it, whoever counted before has
 * not: five hundred counters, each caught in the middle of counting.
 *
 * race: write @write put main / read @read get worker
 */
#include "case.h"

#include <stdatomic.h>

enum { ROUNDS = 500, BUSY = 200 };
#define MESSAGE (1L << 62) /* nobody counts that far while the other is kept waiting */

SHARED struct round {
	_Alignas(64) atomic_long counter;
	_Alignas(64) int data;
} rounds[ROUNDS];

NOINLINE static void put(struct round *round)
{
	round->data = 1; /* @write */
	STAY();
}

NOINLINE static int get(struct round *round)
{
	return round->data; /* @read */
}

static void *worker(void *argument)
{
	int sum = 0;
	for (int i = 0; i < ROUNDS; i++) {
		while (!(atomic_fetch_add_explicit(&rounds[i].counter, 1, memory_order_relaxed) & MESSAGE))
			;
		if (RIGHT)
			atomic_thread_fence(memory_order_acquire);
		sum += get(&rounds[i]);
	}
	return sum == ROUNDS ? argument : NULL;
}

int main(void)
{
	pthread_t thread = start(worker, NULL);
	for (int i = 0; i < ROUNDS; i++) {
		put(&rounds[i]);
		while (atomic_load_explicit(&rounds[i].counter, memory_order_relaxed) < BUSY)
			;
		atomic_fetch_or_explicit(&rounds[i].counter, MESSAGE, memory_order_release);
	}
	finish(thread);
}
