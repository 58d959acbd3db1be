/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * loop_that_synchronises_once.c: a loop gives a lock back on its way; what it read before is ordered before
 * what the next owner does, and what it reads afterwards is not.
 *
 * race: write @early main / read @read find worker
 * race: write @main main / read @read find worker
 */
#include "case.h"

SHARED char text[128];
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

NOINLINE static long find(const char *in)
{
	long i = 0;
	for (;; i++) {
		char c = in[i]; /* @read */
		if (c == 'u')
			pthread_mutex_unlock(&lock);
		if (c == 'x')
			return i;
	}
}

static void *worker(void *unused)
{
	pthread_mutex_lock(&lock);
	make_step();
	volatile long found = find(text);
	(void)found;
	return unused;
}

int main(void)
{
	text[40] = 'u';
	text[120] = 'x';
	pthread_t thread = start(worker, NULL);
	await_step(1);
	if (!RIGHT) {
		text[20] = 1; /* @early */
		STAY();
	}
	pthread_mutex_lock(&lock);
	text[RIGHT ? 39 : 41] = 1; /* @main */
	pthread_mutex_unlock(&lock);
	finish(thread);
}
