/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * reduction_of_many.c: a sum over threads, made along a tree, is there behind the next barrier.
 *
 * race: any @combine main / read @get get
 */
#include "case.h"
#include <omp.h>
SHARED long sum;

NOINLINE static long get(void)
{
	return sum; /* @get */
}

int main(void)
{
	int wrong = 0;

#pragma omp parallel num_threads(8)
	{
#pragma omp for schedule(static, 1) reduction(+ : sum) nowait /* @combine */
		for (int i = 0; i < 8; i++)
			sum += i;
		make_step();
#if RIGHT
#pragma omp barrier
#endif
		if (omp_get_thread_num() == 8 - 1) {
			await_step(8);
			wrong = get() != 8 * (8 - 1) / 2;
		}
	}
	return wrong;
}
