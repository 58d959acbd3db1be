/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * memory_of_detached_tasks.c: what a task gets of its own is new, though the one before it had the same
 * memory and ended by its event, long after its thread had left it.
 *
 * race: write @set set / read @get get
 */
#include "case.h"
#include <omp.h>

struct numbers {
	long of[20];
};

SHARED struct numbers shared;
static long sum;
static omp_event_handle_t held;

NOINLINE static void set(struct numbers *numbers, long to)
{
	numbers->of[3] = to; /* @set */
	STAY();
}

NOINLINE static long get(const struct numbers *numbers)
{
	return numbers->of[3]; /* @get */
}

/* A thread that is in the next task has left the one before. */
static void see_it_left(int step)
{
#pragma omp task
	make_step();
	await_step(step);
}

int main(void)
{
#pragma omp parallel num_threads(2)
#pragma omp single
	for (int i = 0; i < 1000; i++) {
		omp_event_handle_t event;
#if RIGHT
		struct numbers mine;

		set(&mine, i);
#pragma omp task detach(event) firstprivate(mine)
		{
			sum += get(&mine);
			__atomic_store_n(&held, event, __ATOMIC_RELAXED);
			make_step();
		}
#else
		set(&shared, i);
#pragma omp task detach(event)
		{
			sum += get(&shared);
			__atomic_store_n(&held, event, __ATOMIC_RELAXED);
			make_step();
		}
#endif
		await_step(2 * i + 1);
		see_it_left(2 * i + 2);
		omp_fulfill_event(__atomic_load_n(&held, __ATOMIC_RELAXED));
	}
	return sum != 999 * 1000 / 2;
}
