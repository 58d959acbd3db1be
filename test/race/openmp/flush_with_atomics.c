/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * flush_with_atomics.c: a flush before an atomic store and one after the load that saw it order what is
 * around them.
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

static int flag;

int main(void)
{
	int seen = 0;

#pragma omp parallel num_threads(2)
	if (omp_get_thread_num() == 0) {
		set(1);
#if RIGHT
#pragma omp flush
#endif
#pragma omp atomic write
		flag = 1;
	} else {
		int now = 0;

		while (!now) {
#pragma omp atomic read
			now = flag;
		}
#if RIGHT
#pragma omp flush
#endif
		seen = get();
	}
	return seen != 1;
}
