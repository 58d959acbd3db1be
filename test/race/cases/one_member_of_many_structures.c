/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * one_member_of_many_structures.c: a loop over one member, of which the optimiser makes loads of both, meets
 * a write of that member in another thread; in the ordered program, writes of the other member only.
 *
 * race: write @write set worker / read @read sum main
 */
#include "case.h"

static struct pair {
	int mine, his;
} pairs[256];

NOINLINE static void set(int at)
{
	pairs[at].mine = 1; /* @write */
}

NOINLINE static void set_all(void)
{
	for (int i = 0; i < 256; i++)
		pairs[i].his = i;
}

NOINLINE static int sum(const struct pair *of, int count)
{
	int all = 0;
	for (int i = 0; i < count; i++)
		all += of[i].mine; /* @read */
	return all;
}

static void *worker(void *unused)
{
	set_all();
	if (!RIGHT)
		set(101);
	make_step();
	return unused;
}

int main(void)
{
	pthread_t thread = start(worker, NULL);
	await_step(1);
	volatile int all = sum(pairs, 256);
	finish(thread);
	return all == -1;
}
