/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * copy_that_traps.c: the first round of a loop reads, and traps where it writes.
 *
 * race: write @main main / read @read copy worker
 */
#include "case.h"

#include <setjmp.h>
#include <signal.h>

SHARED char text[128];
static char *volatile nowhere;
static sigjmp_buf place;

static void on_trap(int signal)
{
	siglongjmp(place, signal);
}

NOINLINE static void copy(char *to, const char *from)
{
	for (long i = 0;; i++) {
		char c = from[i]; /* @read */
		to[i] = c;
		if (!c)
			return;
	}
}

static void *worker(void *unused)
{
	signal(SIGSEGV, on_trap);
	if (!sigsetjmp(place, 1))
		copy(nowhere, text);
	make_step();
	return unused;
}

int main(void)
{
	for (int i = 0; i < 100; i++)
		text[i] = 'a';
	pthread_t thread = start(worker, NULL);
	await_step(1);
	if (RIGHT)
		finish(thread);
	text[0] = 'b'; /* @main */
	STAY();
	if (!RIGHT)
		finish(thread);
}
