/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * task_dependences_of_cousins.c: dependences order the tasks that one task makes, not those of others.
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
	int seen = 0, made = 0;

	(void)made;
#pragma omp parallel num_threads(2)
#pragma omp single
	{
#pragma omp task shared(made)
		{
#pragma omp task depend(out : made)
			{
				set(1);
				make_step();
			}
#if RIGHT
#pragma omp task depend(in : made) shared(seen) if (0)
			seen = get();
#endif
		}
#if !RIGHT
/* At once, and so by this thread: the others have the first two. */
#pragma omp task shared(made, seen) if (0)
		{
			await_step(1);
#pragma omp task depend(in : made) shared(seen) if (0)
			seen = get();
		}
#endif
	}
	return seen != 1;
}
