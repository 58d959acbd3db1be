/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * task_memory.c: the library uses the memory of tasks again, in any thread.
 */
#include <omp.h>

struct numbers {
	long of[20];
};

static long sums[64];

static void work(struct numbers numbers, int at)
{
	for (int i = 0; i < 20; i++)
		sums[at] += numbers.of[i];
}

static void make(int depth, int at)
{
	struct numbers numbers;

	for (int i = 0; i < 20; i++)
		numbers.of[i] = depth;
	if (depth == 0) {
#pragma omp task firstprivate(numbers)
		work(numbers, at);
#pragma omp taskwait
		return;
	}
#pragma omp task firstprivate(numbers, depth)
	make(depth - 1 + 0 * (int)numbers.of[3], at * 2);
#pragma omp task firstprivate(numbers, depth)
	make(depth - 1 + 0 * (int)numbers.of[4], at * 2 + 1);
#pragma omp taskwait
}

int main(void)
{
	for (int round = 0; round < 20; round++) {
#pragma omp parallel num_threads(4)
#pragma omp single
		make(6, 0);
#pragma omp parallel for num_threads(4) schedule(dynamic, 1)
		for (int i = 0; i < 64; i++)
			sums[i]++;
	}
	return sums[0] != 20;
}
