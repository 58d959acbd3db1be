/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * process.c: see run.h. The program stays in our process group, so that the terminal's keys reach it
 * directly; what is sent to us alone is passed on.
 */
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "cmd/run.h"

static volatile pid_t child;

static const int passed_on[] = {
	SIGHUP, SIGINT, SIGQUIT, SIGTERM, SIGUSR1, SIGUSR2, SIGALRM, SIGCONT, SIGWINCH};
enum { PASSED_ON = sizeof passed_on / sizeof *passed_on };

static void pass_on(int number, siginfo_t *info, void *context)
{
	(void)context;
	int saved = errno;
	bool from_terminal = info->si_code > 0; /* SI_KERNEL: the child got it too */
	if (child > 0 && !from_terminal)
		kill(child, number);
	errno = saved;
}

bool fl_run_on_path(const char *name)
{
	const char *path = getenv("PATH");
	if (!path || !*name)
		return false;
	size_t room = strlen(path) + strlen(name) + 2;
	char *candidate = malloc(room);
	bool found = false;
	while (candidate && !found) {
		size_t length = strcspn(path, ":");
		struct stat st;
		snprintf(candidate, room, "%.*s/%s", (int)length, path, name);
		found = !access(candidate, X_OK) && !stat(candidate, &st) && S_ISREG(st.st_mode);
		if (!path[length])
			break;
		path += length + 1;
	}
	free(candidate);
	return found;
}

static _Noreturn void become(char *const *argv, const struct sigaction *before, const sigset_t *mask)
{
	for (int i = 0; i < PASSED_ON; i++)
		sigaction(passed_on[i], &before[i], NULL);
	sigprocmask(SIG_SETMASK, mask, NULL);
	execvp(argv[0], argv);
	fprintf(stderr, "furlong: cannot run %s: %s\n", argv[0], strerror(errno));
	_exit(errno == ENOENT || errno == ENOTDIR ? 127 : 126);
}

static int wait_for(pid_t pid)
{
	int status;
	while (waitpid(pid, &status, 0) < 0)
		if (errno != EINTR)
			return 126;
	return WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
}

int fl_run_program(char *const *argv)
{
	struct sigaction before[PASSED_ON],
		action = {.sa_sigaction = pass_on, .sa_flags = SA_SIGINFO | SA_RESTART};
	sigset_t all, mask;
	sigfillset(&all);
	fflush(NULL);
	sigprocmask(SIG_SETMASK, &all, &mask); /* a signal waits until there is somebody to pass it on to */
	for (int i = 0; i < PASSED_ON; i++) {
		sigaction(passed_on[i], NULL, &before[i]);
		if (before[i].sa_handler != SIG_IGN)
			sigaction(passed_on[i], &action, NULL);
	}
	pid_t pid = fork();
	if (!pid)
		become(argv, before, &mask);
	child = pid;
	sigprocmask(SIG_SETMASK, &mask, NULL);
	int status = pid < 0 ? 126 : wait_for(pid);
	if (pid < 0)
		fprintf(stderr, "furlong: cannot start %s: %s\n", argv[0], strerror(errno));
	child = 0;
	for (int i = 0; i < PASSED_ON; i++)
		sigaction(passed_on[i], &before[i], NULL);
	return status;
}
