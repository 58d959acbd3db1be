/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * woken_thread.c: who wakes a thread that libomp has put to sleep is not ordered after what it did before.
 *
 * race: write @set set / read @get get
 */
#include "case.h"
#include <omp.h>

SHARED int shared, made;

NOINLINE static void set(int value)
{
	shared = value; /* @set */
	STAY();
}

NOINLINE static int get(void)
{
	return shared; /* @get */
}

/* The other thread is in the barrier, runs them, and sleeps whenever there is none. */
static void make_tasks(void)
{
	for (int i = 0; i < 3000; i++) {
#pragma omp task
#pragma omp atomic
		made++;
	}
}

int main(void)
{
	int seen = 0;

	kmp_set_blocktime(0);
#pragma omp parallel num_threads(2)
	{
		if (omp_get_thread_num() == 1) {
			set(1);
			make_step();
		} else {
			await_step(1);
			make_tasks();
		}
#if RIGHT
#pragma omp barrier
#endif
		if (omp_get_thread_num() == 0)
			seen = get();
	}
	return seen != 1;
}
