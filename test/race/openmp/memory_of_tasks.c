/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * memory_of_tasks.c: what a task gets of its own is new, though libomp uses the memory again at once.
 *
 * race: write @set set / read @get get
 */
#include "case.h"

struct numbers {
	long of[20];
};

SHARED struct numbers shared;
static long sum;

NOINLINE static void set(struct numbers *numbers, long to)
{
	numbers->of[3] = to; /* @set */
	STAY();
}

NOINLINE static long get(const struct numbers *numbers)
{
	return numbers->of[3]; /* @get */
}

int main(void)
{
#pragma omp parallel num_threads(2)
#pragma omp single
	for (int i = 0; i < 1000; i++) {
#if RIGHT
		struct numbers mine;

		set(&mine, i);
#pragma omp task firstprivate(mine)
		{
			sum += get(&mine);
			make_step();
		}
#else
		set(&shared, i);
#pragma omp task
		{
			sum += get(&shared);
			make_step();
		}
#endif
		await_step(i + 1);
	}
	return sum != 999 * 1000 / 2;
}
