/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * Fibers that threads hand each other by a queue, each switch a few instructions of the program's own. The
 * threads that a fiber began in end before it does.
 */
#include "correct.h"
#include "fiber.h"

enum { FIBERS = 8, ROUNDS = 60, WAVES = 12, THREADS = 3 };

static struct fiber {
	fiber_place place, scheduler;
	char *stack;
	long sum;
	int done;
	struct fiber *next;
} fibers[FIBERS], *ready, **last = &ready;

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static __thread struct fiber *running;

static __attribute__((noinline)) struct fiber *self(void)
{
	return running; /* not kept across a switch: the thread is another one then */
}

static __attribute__((noinline)) void yield(struct fiber *fiber)
{
	fiber_switch(&fiber->place, fiber->scheduler);
}

static __attribute__((noinline)) long deep(struct fiber *fiber, int depth)
{
	long sum = depth;

	if (depth)
		sum += deep(fiber, depth - 1);
	else
		yield(fiber);
	return sum;
}

static void run(void)
{
	struct fiber *fiber = self();

	for (int round = 0; round < ROUNDS; round++)
		fiber->sum += deep(fiber, 1 + round % 20);
	fiber->done = 1;
	for (;;)
		yield(fiber);
}

static struct fiber *take(void)
{
	struct fiber *fiber;

	pthread_mutex_lock(&lock);
	fiber = ready;
	if (fiber)
		ready = fiber->next;
	if (!ready)
		last = &ready;
	pthread_mutex_unlock(&lock);
	return fiber;
}

static void give(struct fiber *fiber)
{
	pthread_mutex_lock(&lock);
	fiber->next = NULL;
	*last = fiber;
	last = &fiber->next;
	pthread_mutex_unlock(&lock);
}

static void *work(void *argument)
{
	for (int i = 0; i < 2 * FIBERS * ROUNDS / WAVES / THREADS; i++) {
		struct fiber *fiber = take();

		if (!fiber)
			continue;
		running = fiber;
		fiber_switch(&fiber->scheduler, fiber->place);
		if (!fiber->done)
			give(fiber);
	}
	return argument;
}

int main(void)
{
	long expected = 0;

	for (int round = 0; round < ROUNDS; round++)
		for (int depth = 0; depth <= 1 + round % 20; depth++)
			expected += depth;
	for (int i = 0; i < FIBERS; i++) {
		fibers[i].stack = malloc(FIBER_STACK_BYTES);
		fiber_make(&fibers[i].place, fibers[i].stack, run);
		give(&fibers[i]);
	}
	for (int wave = 0; wave < WAVES || ready; wave++)
		in_threads(THREADS, work);
	for (int i = 0; i < FIBERS; i++) {
		REQUIRE(fibers[i].done && fibers[i].sum == expected);
		free(fibers[i].stack);
	}
	return 0;
}
