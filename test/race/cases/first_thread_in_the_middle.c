/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * first_thread_in_the_middle.c: the first thread is made while functions are in the middle that ran without
 * checks until then, and what they computed is what they go on with.
 *
 * race: write @inner inner outer main / write @worker worker
 * race: write @outer outer main / write @worker2 worker
 */
#include "case.h"

SHARED int shared, other;
static long counts[16];
static pthread_t thread;

static void *worker(void *argument)
{
	shared = 1; /* @worker */
	other = 1;  /* @worker2 */
	make_step();
	return argument;
}

NOINLINE static void begin(void)
{
	thread = start(worker, NULL);
	await_step(1);
	if (RIGHT)
		finish(thread);
	STAY();
}

NOINLINE static long inner(long *a, long n)
{
	long sum = n;
	for (long i = 0; i < n; i++)
		sum += a[i * i & 15] += i ^ sum;
	if (n == 100)
		begin();
	shared = 2; /* @inner */
	for (long i = 0; i < n; i++)
		sum += a[i * i & 15] += i ^ sum;
	return sum;
}

NOINLINE static long outer(long *a, long n)
{
	long sum = 0;
	for (long i = 0; i <= n; i++) {
		a[i & 15] += sum ^ i;
		a[sum & 15] += i;
		sum += inner(a, i);
	}
	other = 2; /* @outer */
	STAY();
	return sum;
}

/* The same, in no loop that has checks. */
static unsigned long expected(unsigned long *a, long n)
{
	unsigned long sum = 0;
	for (long i = 0; i <= n; i++) {
		a[i & 15] += sum ^ (unsigned long)i;
		a[sum & 15] += (unsigned long)i;
		unsigned long one = (unsigned long)i;
		for (int again = 0; again < 2; again++)
			for (long j = 0; j < i; j++)
				one += a[j * j & 15] += (unsigned long)j ^ one;
		sum += one;
	}
	return sum;
}

int main(void)
{
	unsigned long local[16] = {0};
	unsigned long sum = (unsigned long)outer(counts, 100);
	if (!RIGHT)
		finish(thread);
	return sum != expected(local, 100);
}
