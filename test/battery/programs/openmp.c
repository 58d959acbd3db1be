/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 * Outlined bodies: parallel loops, sections, tasks, a critical section, a region that one thread runs. */
// flags: -fopenmp
#include "log.h"

static int shared;

static int work(int n)
{
	T; if (C(0, n % 3 == 0)) {
		T; return 1;
	}
	T; return 2;
}

int main(void)
{
	T; int sum = 0;
#pragma omp parallel for num_threads(3) reduction(+ : sum) schedule(dynamic)
	for (int n = 0; n < 30; n++) {
		T; sum += work(n);
	}
#pragma omp parallel num_threads(4)
	{
		T; int mine = 1;
#pragma omp critical
		{
			T; shared += mine;
		}
#pragma omp barrier
#pragma omp single
		{
			T; shared++;
		}
	}
#pragma omp parallel sections num_threads(2)
	{
#pragma omp section
		{
			T; work(1);
		}
#pragma omp section
		{
			T; work(2);
			T; work(3);
		}
	}
#pragma omp parallel num_threads(2)
#pragma omp single
	for (int n = 0; n < 5; n++) {
#pragma omp task firstprivate(n)
		{
			T; work(n);
		}
	}
	T; return sum + shared == 0;
}
