/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * doacross.c: an iteration that waits for another one (doacross) goes on after it.
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

#pragma omp parallel for num_threads(2) schedule(static, 1) ordered(1)
	for (int i = 0; i < 2; i++) {
		if (i == 1) {
			await_step(1);
#if RIGHT
#pragma omp ordered depend(sink : i - 1)
#endif
			seen = get();
		} else {
			set(1);
			make_step();
		}
#pragma omp ordered depend(source)
	}
	return seen != 1;
}
