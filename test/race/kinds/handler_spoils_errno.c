/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * handler_spoils_errno.c: a handler of a signal that comes at any time leaves another errno.
 *
 * finds: errno-in-signal-handler handler@handler
 * options: -D_GNU_SOURCE
 */
#include "case.h"

#include <errno.h>
#include <signal.h>
#include <stdatomic.h>
#include <sys/time.h>
#include <unistd.h>

static atomic_int came;

static void handler(int signal)
{ /* @handler */
	int before = errno;
	(void)signal;
	close(-1);
	if (RIGHT)
		errno = before;
	came = 1;
}

int main(void)
{
	struct itimerval soon = {{0, 0}, {0, 10000}};
	signal(SIGALRM, handler);
	setitimer(ITIMER_REAL, &soon, NULL);
	while (!came)
		;
}
