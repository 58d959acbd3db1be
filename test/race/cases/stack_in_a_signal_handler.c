/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * stack_in_a_signal_handler.c: a handler's stack is on top of that of the thread it interrupts, with the
 * place where it did so, be that an instruction of the program's or a call that sends the signal. Nothing of
 * it remains. (Functions that call nothing do not note their caller: with such a one interrupted, its caller
 * is missing.)
 *
 * race: write @handler touch handler interrupted worker / write @main main
 * race: write @trap touch_trap handler_trap trapped worker / write @main3 main
 * race: write @after after trapped worker / write @main2 main
 */
#include "case.h"

#include <signal.h>

SHARED int shared, other, third;

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

NOINLINE static void touch_trap(void)
{
	third = 1; /* @trap */
	STAY();
}

static void handler_trap(int signal)
{
	(void)signal;
	touch_trap();
	STAY();
}

NOINLINE static void after(void)
{
	other = 1; /* @after */
	STAY();
}

NOINLINE static void trapped(void)
{
#if defined(__x86_64__)
	__asm__ volatile("int3");
#else
	raise(SIGTRAP);
#endif
	after();
	STAY();
}

NOINLINE static void interrupted(void)
{
	raise(SIGUSR1);
	STAY();
}

static void *worker(void *argument)
{
	interrupted();
	trapped();
	make_step();
	return argument;
}

int main(void)
{
	struct sigaction action = {.sa_handler = handler};
	struct sigaction action_trap = {.sa_handler = handler_trap};
	sigaction(SIGUSR1, &action, NULL);
	sigaction(SIGTRAP, &action_trap, NULL);
	pthread_t thread = start(worker, NULL);
	await_step(1);
	if (RIGHT)
		finish(thread);
	shared = 2; /* @main */
	STAY();
	other = 2; /* @main2 */
	STAY();
	third = 2; /* @main3 */
	STAY();
	if (!RIGHT)
		finish(thread);
}
