/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * stack_after_an_exception.cpp: frames that an exception unwound are gone from the stack of what comes next.
 *
 * race: write @catch in_handler middle worker / write @main main
 * race: write @after after worker / write @main2 main
 * absent: thrower deeper
 */
#include "case.h"

SHARED int shared, other;

NOINLINE static void thrower(int depth)
{
	if (depth == 0)
		throw 5;
	thrower(depth - 1);
	STAY();
}

struct Cleaner {
	~Cleaner();
};

NOINLINE Cleaner::~Cleaner()
{
	STAY();
}

NOINLINE static void deeper()
{
	Cleaner cleaner;
	thrower(10);
	STAY();
}

NOINLINE static void in_handler()
{
	shared = 1; /* @catch */
	STAY();
}

NOINLINE static void middle()
{
	try {
		deeper();
	} catch (int) {
		in_handler();
	}
	STAY();
}

NOINLINE static void after()
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

int main()
{
	pthread_t thread = start(worker, nullptr);
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
