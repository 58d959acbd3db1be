/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * barrier.c: what a thread does before a barrier is past for all behind it.
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

int main(void)
{
	int seen = 0;

#pragma omp parallel num_threads(2)
	{
		if (omp_get_thread_num() == 0) {
			set(1);
			make_step();
		}
#if RIGHT
#pragma omp barrier
#endif
		if (omp_get_thread_num() == 1) {
			await_step(1);
			seen = get();
		}
	}
	return seen != 1;
}
