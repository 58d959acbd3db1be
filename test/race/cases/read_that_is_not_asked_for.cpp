/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * read_that_is_not_asked_for.cpp: reads behind conditions, which optimisers make before they know the answer.
 * In the racy program the conditions hold.
 *
 * race: write @total set worker / read @conditional conditional main
 * race: write @stamp set worker / read @compared same main
 */
#include "case.h"

static int total, asked[8];
static struct key {
	long id, stamp;
} one = {1, 1};

NOINLINE static void set()
{
	total++; /* @total */
	STAY();
	one.stamp++; /* @stamp */
}

NOINLINE static int conditional(int count)
{
	int all = 0;
	for (int i = 0; i < count; i++)
		all += asked[i % 8] ? total : 1; /* @conditional */
	return all;
}

/* What a reference refers to is there. */
NOINLINE static bool same(const key &a, const key &b)
{
	return a.id == b.id && a.stamp == b.stamp; /* @compared */
}

static void *worker(void *unused)
{
	set();
	make_step();
	return unused;
}

int main()
{
	key other = {RIGHT ? 2 : 1, 5};
	asked[3] = !RIGHT;
	pthread_t thread = start(worker, NULL);
	await_step(1);
	volatile int all = conditional(16) + same(one, other);
	finish(thread);
	return all == -1;
}
