/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * first_thread_below_a_cleanup.cpp: who made the first thread is left by an exception, which comes to a
 * cleanup of a function that ran without checks until then.
 *
 * race: write @cleanup Cleaner::~Cleaner cleans main / write @worker worker
 */
#include "case.h"

SHARED int shared;
static long counts[16];
static pthread_t thread;

static void *worker(void *argument)
{
	shared = 1; /* @worker */
	make_step();
	return argument;
}

NOINLINE static void begin()
{
	thread = start(worker, nullptr);
	await_step(1);
	if (RIGHT)
		finish(thread);
	throw 5;
}

struct Cleaner {
	long *a;
	~Cleaner()
	{
		a[3] = 7;
		shared = 2; /* @cleanup */
	}
};

NOINLINE static void cleans(long *a, int n)
{
	for (int i = 0; i < n; i++)
		a[i * i & 15] += i;
	Cleaner cleaner{a};
	begin();
	STAY();
}

int main()
{
	try {
		cleans(counts, 20);
	} catch (int) {
		if (!RIGHT)
			finish(thread);
	}
	return counts[3] != 7;
}
