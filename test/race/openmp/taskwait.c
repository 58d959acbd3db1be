/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * taskwait.c: taskwait waits for the tasks that the task has made.
 *
 * race: write @set set / read @get get
 */
#include "case.h"

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

#pragma omp parallel num_threads(2)
#pragma omp single
	{
#pragma omp task
		{
			set(1);
			make_step();
		}
		await_step(1);
#if RIGHT
#pragma omp taskwait
#endif
		seen = get();
	}
	return seen != 1;
}
