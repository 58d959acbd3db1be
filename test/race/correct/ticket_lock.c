/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception */
/* A ticket lock by relaxed tickets and a released turn, in C11 atomics and in GNU builtins. */
#include <sched.h>
#include <stdatomic.h>

#include "correct.h"

static _Atomic unsigned next_ticket, now_serving;
static unsigned gnu_next, gnu_serving;
static long pair[2], other[2];

static void *work(void *argument)
{
	(void)argument;
	for (int n = 0; n < 500; n++) {
		unsigned mine = atomic_fetch_add_explicit(&next_ticket, 1, memory_order_relaxed);
		while (atomic_load_explicit(&now_serving, memory_order_acquire) != mine)
			sched_yield();
		pair[0]++;
		pair[1] = -pair[0];
		atomic_store_explicit(&now_serving, mine + 1, memory_order_release);

		mine = __atomic_fetch_add(&gnu_next, 1, __ATOMIC_RELAXED);
		while (__atomic_load_n(&gnu_serving, __ATOMIC_ACQUIRE) != mine)
			sched_yield();
		other[0]++;
		other[1] = -other[0];
		__sync_fetch_and_add(&gnu_serving, 1);
	}
	return NULL;
}

int main(void)
{
	in_threads(3, work);
	REQUIRE(pair[0] == 1500 && pair[1] == -1500 && other[0] == 1500 && other[1] == -1500);
	return 0;
}
