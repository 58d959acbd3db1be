/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * reduction_of_few.c: a sum over threads, made by atomic operations, is there behind the next barrier.
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

#pragma omp parallel num_threads(2)
	{
#pragma omp for schedule(static, 1) reduction(+ : sum) nowait /* @combine */
		for (int i = 0; i < 2; i++)
			sum += i;
		make_step();
#if RIGHT
#pragma omp barrier
#endif
		if (omp_get_thread_num() == 2 - 1) {
			await_step(2);
			wrong = get() != 2 * (2 - 1) / 2;
		}
	}
	return wrong;
}
