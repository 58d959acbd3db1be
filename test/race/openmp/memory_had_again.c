/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * memory_had_again.c: what omp_alloc gives is new, though another thread has given it back a moment ago.
 *
 * race: write @set set / write @set set
 */
#include "case.h"
#include <omp.h>
#include <stdint.h>

SHARED long shared[32];
static uintptr_t handed;

NOINLINE static void set(long *block)
{
	block[5] = 1; /* @set */
	STAY();
}

static long *take(void)
{
	return RIGHT ? omp_alloc(sizeof(shared), omp_default_mem_alloc) : shared;
}

static void give(long *block)
{
	if (RIGHT)
		omp_free(block, omp_default_mem_alloc);
}

int main(void)
{
#pragma omp parallel num_threads(2)
	if (omp_get_thread_num() == 0) {
		uintptr_t block = (uintptr_t)take();

#pragma omp atomic write
		handed = block;
		make_step();
		await_step(2);
		for (int i = 0; i < 3; i++) {
			long *again = take();

			set(again);
			give(again);
		}
	} else {
		uintptr_t block;

		await_step(1);
#pragma omp atomic read
		block = handed;
		set((long *)block);
		give((long *)block);
		make_step();
	}
	return 0;
}
