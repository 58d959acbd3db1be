/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * callback.c: two threads race in a function that a library without the flag calls back. Each asked for it in
 * a function of its own (by_worker, by_main), which belongs into the stack; so does who asks while he is
 * called back (again).
 */
#include "../cases/case.h"

int library_run(void (*run)(void *), void *with), library_ask(void (*run)(void *), void *with);

NOINLINE static void touch(void *at)
{
	*(int *)at += 1; /* @touch */
	STAY();
}

NOINLINE static void again(void *at)
{
	library_run(touch, at);
	STAY();
}

NOINLINE static void by_worker(int *at)
{
	library_run(touch, at);
	STAY();
}

NOINLINE static void by_main(int *at)
{
	library_ask(again, at);
	STAY();
}

SHARED int shared;

static void *worker(void *unused)
{
	by_worker(&shared);
	make_step();
	await_step(2);
	return unused;
}

int main(void)
{
	pthread_t thread = start(worker, NULL);

	await_step(1);
	if (RIGHT) {
		make_step();
		finish(thread);
	}
	by_main(&shared);
	if (!RIGHT) {
		make_step();
		finish(thread);
	}
	return 0;
}
