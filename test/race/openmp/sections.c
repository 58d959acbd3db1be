/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * sections.c: sections run at the same time.
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
	{
#pragma omp sections
		{
#pragma omp section
			{
				set(1);
				make_step();
			}
#pragma omp section
			{
				await_step(1);
				if (!RIGHT)
					seen = get();
			}
		}
#pragma omp single
		if (RIGHT)
			seen = get();
	}
	return seen != 1;
}
