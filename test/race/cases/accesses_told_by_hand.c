/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * accesses_told_by_hand.c: code that the pass leaves out tells of its accesses by the functions that
 * ThreadSanitizer's pass calls.
 *
 * race: write @put put worker / read @get get main
 * race: write @put_all put worker / read @get_all get main
 */
#include "case.h"

void __tsan_read1(void *);
void __tsan_write4(void *);
void __tsan_read_range(void *, unsigned long);
void __tsan_write_range(void *, unsigned long);

SHARED int one;
SHARED char many[100];

NOINLINE static void put(void)
{
	__tsan_write4(&one);                    /* @put */
	__tsan_write_range(many, sizeof(many)); /* @put_all */
	STAY();
}

NOINLINE static void get(void)
{
	__tsan_read1(&one);             /* @get */
	__tsan_read_range(&many[7], 3); /* @get_all */
	STAY();
}

static void *worker(void *unused)
{
	put();
	make_step();
	return unused;
}

int main(void)
{
	pthread_t thread = start(worker, NULL);
	await_step(1);
	if (RIGHT)
		finish(thread);
	get();
	if (!RIGHT)
		finish(thread);
	return 0;
}
