/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * single_nowait.c: single ends with a barrier, unless it says nowait.
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
#define END nowait
#endif

int main(void)
{
	int wrong = 0;

#pragma omp parallel num_threads(2) reduction(+ : wrong)
	{
		int mine = 0;

#pragma omp single END
		{
			set(mine = 1);
			make_step();
		}
		if (!mine) {
			await_step(1);
			wrong += get() != 1;
		}
	}
	return wrong;
}
