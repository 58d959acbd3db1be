/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * task_mutexinoutset.c: tasks that exclude each other by mutexinoutset come one after the other.
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
#define OF together
#else
#define OF other
#endif

int main(void)
{
	int seen = 0, together = 0, other = 0;

	(void)together, (void)other;
#pragma omp parallel num_threads(2)
#pragma omp single
	{
#pragma omp task depend(mutexinoutset : together)
		{
			set(1);
			make_step();
		}
		await_step(1);
#pragma omp task depend(mutexinoutset : OF) shared(seen) if (0)
		seen = get();
	}
	return seen != 1;
}
