/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * threadprivate.c: a variable of each thread is its own.
 *
 * race: write @set set / read @get get
 */
#include "case.h"
#include <omp.h>
static int shared;
#if RIGHT
#pragma omp threadprivate(shared)
#endif

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
	if (omp_get_thread_num() == 0) {
		set(1);
		make_step();
	} else {
		await_step(1);
		seen = get();
	}
	return seen == RIGHT;
}
