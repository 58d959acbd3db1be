/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * taskloop_nogroup.c: taskloop waits for its tasks, unless it says nogroup.
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
#define END
#else
#define END nogroup
#endif

int main(void)
{
	int seen = 0;

#pragma omp parallel num_threads(2)
#pragma omp single
	{
#pragma omp taskloop grainsize(1) END
		for (int i = 0; i < 2; i++)
			if (i == 0) {
				set(1);
				make_step();
			}
		await_step(1);
		seen = get();
	}
	return seen != 1;
}
