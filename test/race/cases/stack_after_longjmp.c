/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * stack_after_longjmp.c: frames that longjmp left are gone from the stack of what comes next.
 *
 * race: write @back back middle worker / write @main main
 * race: write @after after worker / write @main2 main
 * absent: jumper deeper
 */
#include "case.h"

#include <setjmp.h>

SHARED int shared, other;
static jmp_buf place;

NOINLINE static void jumper(int depth)
{
	if (depth == 0)
		longjmp(place, 1);
	jumper(depth - 1);
	STAY();
}

NOINLINE static void deeper(void)
{
	jumper(10);
	STAY();
}

NOINLINE static void back(void)
{
	shared = 1; /* @back */
	STAY();
}

NOINLINE static void middle(void)
{
	if (!setjmp(place))
		deeper();
	else
		back();
	STAY();
}

NOINLINE static void after(void)
{
	other = 1; /* @after */
	STAY();
}

static void *worker(void *argument)
{
	middle();
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
