/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * atomic_update.c: an atomic update races with one that is not.
 *
 * race: any @add add / any @plain plain
 */
#include "case.h"
#include <omp.h>
SHARED int shared;

NOINLINE static void add(void)
{
#pragma omp atomic
	shared++; /* @add */
}

NOINLINE static void plain(void)
{
#if RIGHT
#pragma omp atomic
#endif
	shared += 2; /* @plain */
}

int main(void)
{
#pragma omp parallel num_threads(2)
	if (omp_get_thread_num() == 0) {
		add();
		make_step();
	} else {
		await_step(1);
		plain();
	}
	return shared != 3;
}
