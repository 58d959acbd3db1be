/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception */
/* A relaxed read-modify-write carries on the release of the store before it: who sees its value sees the
 * data. */
#include <sched.h>
#include <stdatomic.h>

#include "correct.h"

static struct {
	int data[4];
	_Atomic int state;
} rounds[200];

static void *work(void *argument)
{
	int me = (int)(intptr_t)argument;
	for (int n = 0; n < 200; n++) {
		_Atomic int *state = &rounds[n].state;
		if (me == 0) {
			for (int k = 0; k < 4; k++)
				rounds[n].data[k] = n + k;
			atomic_store_explicit(state, 1, memory_order_release);
		} else if (me == 1) {
			int expected = 1;
			while (!atomic_compare_exchange_weak_explicit(
				state, &expected, 2, memory_order_relaxed, memory_order_relaxed)) {
				expected = 1;
				sched_yield();
			}
			atomic_fetch_add_explicit(state, 1, memory_order_relaxed);
		} else {
			while (atomic_load_explicit(state, memory_order_acquire) < me)
				sched_yield();
			for (int k = 0; k < 4; k++)
				REQUIRE(rounds[n].data[k] == n + k);
		}
	}
	return NULL;
}

int main(void)
{
	in_threads(4, work);
	return 0;
}
