/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * malloc_in_a_signal_handler.c: a handler of a signal that comes at any time allocates.
 *
 * finds: signal-unsafe-call handler@asks
 * options: -D_GNU_SOURCE
 */
#include "case.h"

#include <signal.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <sys/time.h>

static atomic_int came;
static void *volatile block;

static void handler(int signal)
{
	(void)signal;
	if (!came && !RIGHT)
		block = malloc(10); /* @asks */
	came = 1;
}

int main(void)
{
	struct itimerval soon = {{0, 0}, {0, 10000}};
	signal(SIGALRM, handler);
	setitimer(ITIMER_REAL, &soon, NULL);
	while (!came)
		;
	if (RIGHT)
		block = malloc(10);
	free(block);
}
