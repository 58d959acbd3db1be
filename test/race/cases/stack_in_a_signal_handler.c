/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * stack_in_a_signal_handler.c: a handler's stack is on top of that of the thread it interrupts, and nothing
 * of it remains. (Of the interrupted function itself nobody wrote down where it is.)
 *
 * race: write @handler touch handler worker / write @main main
 * race: write @after after worker / write @main2 main
 */
#include "case.h"

#include <signal.h>

SHARED int shared, other;

NOINLINE static void touch(void)
{
	shared = 1; /* @handler */
	STAY();
}

static void handler(int signal)
{
	(void)signal;
	touch();
	STAY();
}

NOINLINE static void interrupted(void)
{
	raise(SIGUSR1);
	STAY();
}

NOINLINE static void after(void)
{
	other = 1; /* @after */
	STAY();
}

static void *worker(void *argument)
{
	interrupted();
	after();
	make_step();
	return argument;
}

int main(void)
{
	struct sigaction action = {.sa_handler = handler};
	sigaction(SIGUSR1, &action, NULL);
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
