/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * fiber_moved_by_hand.c: a fiber that another thread goes on with, and nothing orders the two threads: it
 * races with itself. Nobody says when it is switched to.
 *
 * race: write @before before / write @after after
 */
#include "case.h"

#include "../correct/fiber.h"

SHARED int shared;
static fiber_place place, here[2];
static char stack[FIBER_STACK_BYTES];
static pthread_mutex_t one = PTHREAD_MUTEX_INITIALIZER, other = PTHREAD_MUTEX_INITIALIZER;

NOINLINE static void before(void)
{
	shared = 1; /* @before */
	STAY();
}

NOINLINE static void after(void)
{
	shared = 2; /* @after */
	STAY();
}

static void run(void)
{
	before();
	fiber_switch(&place, here[0]);
	after();
	fiber_switch(&place, here[1]);
}

static void *begins(void *argument)
{
	pthread_mutex_lock(&one);
	fiber_switch(&here[0], place);
	pthread_mutex_unlock(&one);
	make_step();
	return argument;
}

static void *ends(void *argument)
{
	pthread_mutex_t *mutex = RIGHT ? &one : &other;

	await_step(1);
	pthread_mutex_lock(mutex);
	fiber_switch(&here[1], place);
	pthread_mutex_unlock(mutex);
	return argument;
}

int main(void)
{
	pthread_t first, second;

	fiber_make(&place, stack, run);
	first = start(begins, NULL);
	second = start(ends, NULL);
	finish(first);
	finish(second);
	return 0;
}
