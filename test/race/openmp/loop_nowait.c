/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * loop_nowait.c: a loop ends with a barrier, unless it says nowait.
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

#if RIGHT
#define END
#else
#define END nowait
#endif

int main(void)
{
	int seen = 0;

#pragma omp parallel num_threads(2)
	{
#pragma omp for schedule(static, 1) END
		for (int i = 0; i < 2; i++)
			if (i == 0) {
				set(1);
				make_step();
			}
		if (omp_get_thread_num() == 1) {
			await_step(1);
			seen = get();
		}
	}
	return seen != 1;
}
