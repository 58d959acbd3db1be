/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * lock.c: OpenMP's own locks orders those who hold it.
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

static omp_lock_t one, other;

int main(void)
{
	omp_lock_t *second = RIGHT ? &one : &other;
	int seen = 0;

	omp_init_lock(&one);
	omp_init_lock(&other);
#pragma omp parallel num_threads(2)
	if (omp_get_thread_num() == 0) {
		omp_set_lock(&one);
		set(1);
		omp_unset_lock(&one);
		make_step();
	} else {
		await_step(1);
		while (!omp_test_lock(second))
			continue;
		seen = get();
		omp_unset_lock(second);
	}
	omp_destroy_lock(&one);
	omp_destroy_lock(&other);
	return seen != 1;
}
