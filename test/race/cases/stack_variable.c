/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * stack_variable.c: a race on a variable of main's stack, and a stack that is used again by the next thread.
 *
 * location: Location is stack of main thread
 * race: write @worker add racer / write @main add_last main
 */
#include "case.h"

NOINLINE static void add(int *p)
{
	++*p; /* @worker */
	STAY();
}

NOINLINE static void add_last(int *p)
{
	++*p; /* @main */
	STAY();
}

static void *worker(void *p)
{
	int local[64] = {0};
	for (int i = 0; i < 64; i++)
		add(&local[i]);
	return local[5] == 1 ? p : NULL;
}

static void *racer(void *p)
{
	add(p);
	make_step();
	return p;
}

int main(void)
{
	int local = 0;
	for (int i = 0; i < 5; i++)
		finish(start(worker, NULL));
	pthread_t thread = start(racer, &local);
	await_step(1);
	if (RIGHT)
		finish(thread);
	add_last(&local);
	if (!RIGHT)
		finish(thread);
	return local != 2;
}
