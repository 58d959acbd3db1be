/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * taskwait_for_some.c: taskwait with a dependence waits for tasks with that dependence only.
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
#define FOR made
#else
#define FOR other
#endif

int main(void)
{
	int seen = 0, made = 0, other = 0;

	(void)made, (void)other;
#pragma omp parallel num_threads(2)
#pragma omp single
	{
#pragma omp task depend(out : made)
		{
			set(1);
			make_step();
		}
		await_step(1);
#pragma omp taskwait depend(in : FOR)
		seen = get();
	}
	return seen != 1;
}
