/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * leaf_inlined_by_the_linker.c: a function without calls, in another file, that the linker may inline: the
 * caller of the function that it ends up in is in the stack once, however the program is linked, and its own
 * name is there too.
 *
 * with: leaf_inlined_by_the_linker_leaf.c
 * once: between worker main
 * race: write leaf between worker / write @main main
 */
#include "case.h"

extern void leaf(int *p);
SHARED int shared;

NOINLINE static void between(int *p)
{
	leaf(p);
	make_step();
	STAY();
}

static void *worker(void *p)
{
	between(p);
	STAY();
	return p;
}

int main(void)
{
	pthread_t thread = start(worker, &shared);
	await_step(1);
	if (RIGHT)
		finish(thread);
	shared = 2; /* @main */
	STAY();
	if (!RIGHT)
		finish(thread);
}
