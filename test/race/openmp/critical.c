/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * critical.c: critical sections of one name exclude each other, those of two names do not.
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
#define NAME one
#else
#define NAME other
#endif

int main(void)
{
	int seen = 0;

#pragma omp parallel num_threads(2)
	if (omp_get_thread_num() == 0) {
#pragma omp critical(one)
		set(1);
		make_step();
	} else {
		await_step(1);
#pragma omp critical(NAME)
		seen = get();
	}
	return seen != 1;
}
