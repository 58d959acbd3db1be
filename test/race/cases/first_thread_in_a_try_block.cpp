/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * first_thread_in_a_try_block.cpp: the first thread is made by a call that may throw, and does not, in a
 * function that ran without checks until then.
 *
 * race: write @returned catches main / write @worker worker
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

NOINLINE static void begin(int x)
{
	thread = start(worker, nullptr);
	await_step(1);
	if (RIGHT)
		finish(thread);
	if (x < 0)
		throw x;
	STAY();
}

NOINLINE static bool catches(long *a, int n)
{
	long last = 0;
	for (int i = 1; i < n; i++)
		last = a[i * i & 15] += i ^ last;
	try {
		begin(n);
		shared = 2; /* @returned */
		return last == a[(n - 1) * (n - 1) & 15];
	} catch (int) {
		a[0] = last;
		return false;
	}
}

int main()
{
	bool right = catches(counts, 20);
	if (!RIGHT)
		finish(thread);
	return !right;
}
