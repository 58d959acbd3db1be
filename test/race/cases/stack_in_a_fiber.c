/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * stack_in_a_fiber.c: the stack of a fiber that says when it is switched to has its own functions and no
 * others, also in another thread than it began in.
 *
 * race: write @touch touch second begin / write @set set main
 * absent: parked first work
 */
#include "case.h"

#include "../correct/fiber.h"
#include "furlong/furlong.h"

SHARED int shared;
static fiber_place places[2], here;
static char stacks[2][FIBER_STACK_BYTES];
static void *fibers[2], *thread;

NOINLINE static void go(int to)
{
	furlong_race_fiber_switch(fibers[to]);
	fiber_switch(&here, places[to]);
	STAY();
}

NOINLINE static void back(int from)
{
	furlong_race_fiber_switch(thread);
	fiber_switch(&places[from], here);
	STAY();
}

NOINLINE static void parked(void)
{
	back(0);
	STAY();
}

static void first(void)
{
	for (;;)
		parked();
}

NOINLINE static void touch(void)
{
	shared = 1; /* @touch */
	STAY();
}

NOINLINE static void second(void)
{
	back(1);
	touch();
	STAY();
}

static void begin(void)
{
	second();
	for (;;)
		back(1);
}

NOINLINE static void work(void)
{
	thread = furlong_race_fiber_current();
	go(0);
	go(1);
	STAY();
}

static void *run(void *argument)
{
	work();
	make_step();
	return argument;
}

NOINLINE static void set(int value)
{
	shared = value; /* @set */
	STAY();
}

int main(void)
{
	pthread_t other;

	fiber_make(&places[0], stacks[0], first);
	fiber_make(&places[1], stacks[1], begin);
	for (int i = 0; i < 2; i++)
		fibers[i] = furlong_race_fiber_create();
	finish(start(run, NULL));
	other = start(run, NULL);
	await_step(2);
	if (RIGHT)
		finish(other);
	set(2);
	if (!RIGHT)
		finish(other);
	for (int i = 0; i < 2; i++)
		furlong_race_fiber_destroy(fibers[i]);
	return 0;
}
