/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * private_copies.c: firstprivate, lastprivate, copyin, copyprivate, linear; sections and single with them.
 */
#include <omp.h>

static int counter = 5;
#pragma omp threadprivate(counter)

int main(void)
{
	int first = 3, last = 0, wrong = 0, shared[100], step = 0;

	for (int round = 0; round < 20; round++) {
		int told = 0;

#pragma omp parallel num_threads(4) copyin(counter) private(told) reduction(+ : wrong)
		{
			wrong += counter != 5;
#pragma omp for firstprivate(first) lastprivate(last)
			for (int i = 0; i < 100; i++) {
				shared[i] = first + i;
				last = i;
			}
			wrong += last != 99 || shared[42] != 45;
#pragma omp single copyprivate(told)
			told = round;
			wrong += told != round;
#pragma omp sections lastprivate(last)
			{
#pragma omp section
				last = 1;
#pragma omp section
				last = 2;
			}
			wrong += last != 2;
#pragma omp for simd linear(step : 2)
			for (int i = 0; i < 10; i++)
				step += 2;
		}
	}
	return wrong;
}
