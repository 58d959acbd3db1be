/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * taskgroup.c: taskgroup waits for the tasks of its tasks, taskwait does not.
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

#if RIGHT
#define WAIT _Pragma("omp taskgroup")
#else
#define WAIT
#endif

int main(void)
{
	int seen = 0;

#pragma omp parallel num_threads(2)
#pragma omp single
	{
		WAIT
		{
#pragma omp task
			{
#pragma omp task
				{
					set(1);
					make_step();
				}
			}
			await_step(1); /* before the taskwait, which might run the tasks in this thread */
#pragma omp taskwait
		}
		seen = get();
	}
	return seen != 1;
}
