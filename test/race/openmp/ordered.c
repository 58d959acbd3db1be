/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * ordered.c: ordered regions come in the order of the iterations.
 *
 * race: write @set set / read @get get
 */
#include "case.h"

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

int main(void)
{
	int seen = 0;

#pragma omp parallel for num_threads(2) schedule(static, 1) ordered
	for (int i = 0; i < 2; i++) {
#pragma omp ordered
		if (i == 0) {
			set(1);
			make_step();
		} else if (RIGHT) {
			seen = get();
		}
		if (i == 1 && !RIGHT) {
			await_step(1);
			seen = get();
		}
		if (i == 0 && !RIGHT)
			set(1);
	}
	return seen != 1;
}
