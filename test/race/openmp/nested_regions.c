/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * nested_regions.c: the end of an inner region orders its threads, and nobody else.
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

	omp_set_max_active_levels(2);
#pragma omp parallel num_threads(2)
	if (omp_get_thread_num() == 0) {
#pragma omp parallel num_threads(2)
		if (omp_get_thread_num() == 1)
			set(1);
		if (RIGHT)
			seen = get();
		make_step();
	} else {
		await_step(1);
		if (!RIGHT)
			seen = get();
	}
	return seen != 1;
}
