/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * task_dependences.c: a task that depends on what another one makes comes after it.
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
#if RIGHT
#pragma omp task depend(in : made) shared(seen) if (0)
#else
#pragma omp task depend(in : other) shared(seen) if (0)
#endif
		{
			await_step(1);
			seen = get();
		}
	}
	return seen != 1;
}
