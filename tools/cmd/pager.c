/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * pager.c: see pager.h.
 */
#include "cmd/pager.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdio_ext.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "cmd/run.h"

static pid_t pager;

static const char *wanted(void)
{
	const char *command = getenv("FURLONG_PAGER"), *term = getenv("TERM");
	if (!command)
		command = getenv("PAGER");
	if (!command && fl_run_on_path("less"))
		command = "less";
	if (!isatty(STDOUT_FILENO) || !term || !strcmp(term, "dumb"))
		return NULL;
	return command && *command && strcmp(command, "cat") ? command : NULL;
}

void fl_pager_begin(void)
{
	const char *command = wanted();
	int ends[2];
	if (!command || pipe2(ends, O_CLOEXEC))
		return;
	fflush(NULL);
	pager = fork();
	if (!pager) {
		dup2(ends[0], STDIN_FILENO);
		setenv("LESS", "FRX", 0); /* end at once if it fits, pass colours, leave it on the screen */
		execl("/bin/sh", "sh", "-c", command, NULL);
		_exit(127);
	}
	if (pager > 0) {
		dup2(ends[1], STDOUT_FILENO);
		signal(SIGPIPE, SIG_IGN); /* leaving the pager early is no failure */
		signal(SIGINT, SIG_IGN);  /* the pager's business */
	}
	close(ends[0]);
	close(ends[1]);
}

void fl_pager_end(void)
{
	if (pager <= 0)
		return;
	fflush(stdout);
	__fpurge(stdout);
	clearerr(stdout);
	int nowhere = open("/dev/null", O_WRONLY | O_CLOEXEC);
	dup2(nowhere, STDOUT_FILENO);
	close(nowhere);
	while (waitpid(pager, NULL, 0) < 0 && errno == EINTR)
		;
	pager = 0;
}
