/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * stack_after_tail_calls.c: a million tail calls leave no frames behind (and stay tail calls: the stack would
 * not hold them).
 *
 * clang: 14
 * race: write @end last / write @main main
 * race: write @after after worker / write @main2 main
 */
#include "case.h"

SHARED int shared, other;

NOINLINE static void last(void)
{
	shared = 1; /* @end */
	STAY();
}

NOINLINE static void ping(int depth);
NOINLINE static void pong(int depth)
{
	__attribute__((musttail)) return ping(depth - 1);
}

NOINLINE static void ping(int depth)
{
	if (depth <= 0) {
		last();
		STAY();
		return;
	}
	__attribute__((musttail)) return pong(depth - 1);
}

NOINLINE static void after(void)
{
	other = 1; /* @after */
	STAY();
}

static void *worker(void *argument)
{
	ping(1000000);
	after();
	make_step();
	return argument;
}

int main(void)
{
	pthread_t thread = start(worker, NULL);
	await_step(1);
	if (RIGHT)
		finish(thread);
	shared = 2; /* @main */
	STAY();
	other = 2; /* @main2 */
	STAY();
	if (!RIGHT)
		finish(thread);
}
