/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * stack_on_a_stack_of_ones_own.c: fibers by a few instructions of the program's own, of which nobody is told.
 * Each race below is in one of their habits, and its stack has the functions of that fiber and no others:
 *
 *   first     begins on a stack, in the middle of the calls of another
 *   resumed   goes on in a function that switched, and touches memory before it calls anything
 *   deep      switches far down in calls, goes on there, and calls again
 *   again     begins on a stack that another fiber left in the middle of its calls
 *   moved     goes on in another thread, and calls there
 *   local     its stack is a variable of a function below it
 *   whole     of the thread itself, when all that is over
 *
 * race: write @set set main / write @first touch_first begin_first
 * race: write @set set main / write @resumed resumed begin_resumed
 * race: write @set set main / write @deep touch_deep down down down begin_deep
 * race: write @set set main / write @again touch_again begin_again
 * race: write @set set main / write @moved touch_moved begin_moved
 * race: write @set set main / write @local touch_local begin_local
 * race: write @set set main / write @whole touch_whole work run
 * absent: parked begin_parked
 */
#include "case.h"

#include "../correct/fiber.h"

#include <stdlib.h>

enum { FIRST, RESUMED, DEEP, AGAIN, MOVED, LOCAL, WHOLE, COUNT, PARKED = COUNT, FIBERS };
enum { CELLS = 8, DEPTH = 100 };

SHARED long shared[COUNT][CELLS];
static fiber_place places[FIBERS], here;
static char stacks[FIBERS][FIBER_STACK_BYTES];

NOINLINE static void go(int to)
{
	fiber_switch(&here, places[to]);
	STAY();
}

NOINLINE static void back(int from)
{
	fiber_switch(&places[from], here);
	STAY();
}

NOINLINE static void parked(int which)
{
	for (;;)
		back(which);
}

static void begin_parked(void)
{
	parked(PARKED);
	STAY();
}

NOINLINE static void touch_first(void)
{
	shared[FIRST][0] = 1; /* @first */
	STAY();
}

static void begin_first(void)
{
	touch_first();
	parked(FIRST);
}

NOINLINE static void resumed(void)
{
	fiber_switch(&places[RESUMED], here);
	shared[RESUMED][0] = 1; /* @resumed */
	STAY();
}

static void begin_resumed(void)
{
	resumed();
	parked(RESUMED);
}

NOINLINE static void touch_deep(void)
{
	shared[DEEP][0] = 1; /* @deep */
	STAY();
}

NOINLINE static void down(int depth)
{
	volatile char variables[128];

	variables[0] = 0;
	if (depth) {
		down(depth - 1);
		STAY();
		return;
	}
	fiber_switch(&places[DEEP], here);
	touch_deep();
	STAY();
}

static void begin_deep(void)
{
	down(DEPTH);
	parked(DEEP);
}

NOINLINE static void touch_again(void)
{
	shared[AGAIN][0] = 1; /* @again */
	STAY();
}

static void begin_again(void)
{
	touch_again();
	for (;;)
		back(AGAIN);
}

NOINLINE static void touch_moved(void)
{
	shared[MOVED][0] = 1; /* @moved */
	STAY();
}

static void begin_moved(void)
{
	back(MOVED);
	touch_moved();
	for (;;)
		back(MOVED);
}

NOINLINE static void touch_local(void)
{
	shared[LOCAL][0] = 1; /* @local */
	STAY();
}

static void begin_local(void)
{
	touch_local();
	for (;;)
		back(LOCAL);
}

NOINLINE static void touch_whole(void)
{
	shared[WHOLE][0] = 1; /* @whole */
	STAY();
}

NOINLINE static void work(char *local)
{
	fiber_make(&places[AGAIN], stacks[PARKED], begin_parked);
	go(AGAIN); /* switches back as PARKED */
	fiber_make(&places[AGAIN], stacks[PARKED], begin_again);
	fiber_make(&places[LOCAL], local, begin_local);
	for (int round = 0; round < 2; round++)
		for (int i = FIRST; i <= LOCAL; i++)
			go(i);
	touch_whole();
	STAY();
}

static void *run(void *argument)
{
	char local[FIBER_STACK_BYTES];

	work(local);
	make_step();
	return argument;
}

static void *begin_to_move(void *argument)
{
	go(MOVED);
	return argument;
}

NOINLINE static void set(int which)
{
	shared[which][0] = 2; /* @set */
	STAY();
}

int main(void)
{
	pthread_t other;

	fiber_make(&places[FIRST], stacks[FIRST], begin_first);
	fiber_make(&places[RESUMED], stacks[RESUMED], begin_resumed);
	fiber_make(&places[DEEP], stacks[DEEP], begin_deep);
	fiber_make(&places[MOVED], stacks[MOVED], begin_moved);
	finish(start(begin_to_move, NULL));
	other = start(run, NULL);
	await_step(1);
	if (RIGHT)
		finish(other);
	for (int i = 0; i < COUNT; i++)
		set(i);
	if (!RIGHT)
		finish(other);
	return 0;
}
