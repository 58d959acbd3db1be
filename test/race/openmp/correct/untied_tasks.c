/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * untied_tasks.c: an untied task goes on in another thread.
 */
#include <omp.h>

static int steps[200];

static void go_on(int *number)
{
	(*number)++;
#pragma omp taskyield
}

int main(void)
{
	for (int round = 0; round < 10; round++) {
#pragma omp parallel num_threads(4)
#pragma omp single
		for (int i = 0; i < 200; i++) {
#pragma omp task untied firstprivate(i)
			{
				int mine = i;

				steps[i]++;
#pragma omp taskyield
				steps[i]++;
				go_on(&steps[i]);
#pragma omp task shared(mine)
				mine++;
#pragma omp taskwait
				steps[i] += mine - i;
			}
		}
	}
	for (int i = 0; i < 200; i++)
		if (steps[i] != 40)
			return 1;
	return 0;
}
