/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * births.c: births clone|vfork|fork: in a program with threads, a task comes by another way than
 * pthread_create and does nothing wrong. The race of the program's own that follows (@worker and @main) is
 * the only one; with ORDERED there is none.
 */
#define _GNU_SOURCE
#include "../cases/case.h"

#include <sched.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

SHARED int shared, racy;
static char stack[1 << 16] __attribute__((aligned(64)));

static void *nothing(void *unused)
{
	return unused;
}

static void *worker(void *unused)
{
	racy = 1; /* @worker */
	make_step();
	return unused;
}

/* Of a task that the C library knows nothing of, and that has our thread-local storage: calls nothing. */
static int count(void *unused)
{
	(void)unused;
	shared++;
	return 0;
}

static pid_t begin(const char *how, char *program)
{
	pid_t child;

	if (!strcmp(how, "clone"))
		return clone(count, stack + sizeof(stack),
			CLONE_VM | CLONE_FS | CLONE_FILES | CLONE_VFORK | SIGCHLD, NULL);
	child = strcmp(how, "vfork") ? fork() : vfork();
	if (child)
		return child;
	if (!strcmp(how, "vfork")) {
		execl(program, program, "nothing", NULL);
		_exit(9);
	}
	/* Threads of its own, in a process that has none of the old ones left. */
	finish(start(nothing, NULL));
	shared++;
	_exit(shared != 1);
}

int main(int argc, char **argv)
{
	int status = 1;
	pthread_t thread;
	pid_t child;

	if (argc < 2)
		return 2;
	if (!strcmp(argv[1], "nothing"))
		return 0;
	finish(start(nothing, NULL));
	child = begin(argv[1], argv[0]);
	if (child < 0 || waitpid(child, &status, 0) != child || status)
		return 3;
	thread = start(worker, NULL);
	await_step(1);
	if (RIGHT)
		finish(thread);
	racy = 2; /* @main */
	STAY();
	if (!RIGHT)
		finish(thread);
	return 0;
}
