/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * region_in_a_task_in_a_barrier.c: a task that runs in a barrier is part of it, also if it begins a region.
 *
 * race: write @set set / read @get get
 */
#include "case.h"
#include <omp.h>
SHARED int shared;

NOINLINE static void set(int value)
{
	shared = value; /* @set */
	STAY();
}

NOINLINE static int get(void)
{
	return shared; /* @get */
}

int main(void)
{
	int seen = 0;

	omp_set_max_active_levels(2);
#pragma omp parallel num_threads(2)
	{
		if (omp_get_thread_num() == 0) {
#pragma omp task
			{
#pragma omp parallel num_threads(2)
				STAY();
				set(1);
				make_step();
			}
			await_step(1);
		}
#if RIGHT
#pragma omp barrier
#endif
		if (omp_get_thread_num() == 0)
			seen = get();
	}
	return seen != 1;
}
