/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * last.c: a program that ends in the way its argument names. last.py knows in which calls it is then: each
 * line with a comment "at NAME" is in progress at the end of way NAME.
 */
#define _GNU_SOURCE 1
#include <assert.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

static int *volatile nowhere;
static volatile int zero;
static void (*volatile wild)(void) = (void (*)(void))0x10;
static volatile int ready[2];

static void way_segv(void)
{
	*nowhere = 1; /* at segv */
}

static void way_fpe(void)
{
	zero = ready[0] / zero; /* at fpe */
}

static void way_abort(void)
{
	abort(); /* at abort */
}

static void way_assert(void)
{
	assert(zero); /* at assert */
}

static void way_exit(void)
{
	puts("leaving");
	exit(3); /* at exit */
}

static void way__exit(void)
{
	_exit(4); /* at _exit */
}

static void way_quick_exit(void)
{
	quick_exit(6); /* at quick_exit */
}

static void way_trap(void)
{
	__builtin_trap(); /* at trap */
}

static void way_wild(void)
{
	wild(); /* at wild */
}

static int deeper(int depth)
{
	volatile char room[4096];

	room[0] = (char)depth;              /* at overflow */
	return deeper(depth + 1) + room[0]; /* at overflow */
}

static void way_overflow(void)
{
	deeper(0); /* at overflow */
}

static void way_term(void)
{
	raise(SIGTERM); /* at term */
}

static void way_kill(void)
{
	raise(SIGKILL);
}

static void way_return(void)
{
}

/* ---- handlers of its own ---- */

static void on_signal(int signal_number)
{
	(void)!write(1, "handled\n", 8);
	_exit(signal_number == SIGSEGV ? 5 : 6); /* at handled */
}

static void way_handled(void)
{
	signal(SIGSEGV, on_signal);
	*nowhere = 1; /* at handled */
}

static void pass_on(int signal_number)
{
	(void)!write(1, "passed on\n", 10);
	signal(signal_number, SIG_DFL);
	raise(signal_number); /* at passed_on */
}

static void way_passed_on(void)
{
	struct sigaction action = {.sa_handler = pass_on, .sa_flags = SA_NODEFER};

	sigaction(SIGBUS, &action, NULL);
	raise(SIGBUS); /* at passed_on */
}

static void way_ignored(void)
{
	signal(SIGTERM, SIG_IGN);
	raise(SIGTERM);
	puts(signal(SIGTERM, SIG_DFL) == SIG_IGN ? "still ignored" : "not ignored");
}

static const char *name_of(const struct sigaction *action)
{
	return action->sa_handler == SIG_DFL     ? "default"
	       : action->sa_handler == on_signal ? "own"
						 : "another";
}

/* What the program sees is what it set. */
static void way_looks(void)
{
	struct sigaction action = {.sa_handler = on_signal}, old = {0};
	stack_t stack = {0};

	sigaction(SIGSEGV, NULL, &old);
	printf("at first %s %x\n", name_of(&old), (unsigned)old.sa_flags & ~0x04000000u);
	sigaction(SIGSEGV, &action, &old);
	printf("before %s\n", name_of(&old));
	action.sa_handler = SIG_DFL;
	sigaction(SIGSEGV, &action, &old);
	printf("then %s\n", name_of(&old));
	printf("by signal %s", signal(SIGTERM, on_signal) == SIG_DFL ? "default" : "another");
	printf(" %s\n", signal(SIGTERM, SIG_DFL) == on_signal ? "own" : "another");
	sigaltstack(NULL, &stack);
	printf("stack %s\n", stack.ss_flags & SS_DISABLE ? "none" : "one");
}

/* ---- processes and threads ---- */

static void way_vfork(void)
{
	if (!vfork())
		_exit(1);
	wait(NULL);
	abort(); /* at vfork */
}

static void way_fork(void)
{
	int status;

	fflush(stdout);
	if (!fork())
		abort(); /* at fork */
	wait(&status);
	printf("child %d\n", WTERMSIG(status));
}

static void *sleep_on(void *arg)
{
	/* In one line: it may be in the first call still when the other thread ends the process. */
	(void)(write(ready[1], "", 1) == 1 && pause()); /* beside threads */
	return arg;
}

static void *die_soon(void *arg)
{
	abort(); /* at threads */
	return arg;
}

static void way_threads(void)
{
	pthread_t thread;
	char byte;

	(void)!pipe((int *)ready);
	pthread_create(&thread, NULL, sleep_on, NULL);
	pthread_setname_np(thread, "the sleeper");
	(void)!read(ready[0], &byte, 1);
	pthread_create(&thread, NULL, die_soon, NULL); /* or threads */
	pthread_join(thread, NULL);                    /* or threads */
}

static const struct way {
	const char *name;
	void (*go)(void);
} ways[] = {
#define WAY(name)                                                                                            \
	{                                                                                                    \
#name, way_##name                                                                            \
	}
	WAY(segv),
	WAY(fpe),
	WAY(abort),
	WAY(assert),
	WAY(exit),
	WAY(_exit),
	WAY(quick_exit),
	WAY(trap),
	WAY(wild),
	WAY(overflow),
	WAY(term),
	WAY(kill),
	WAY(return ),
	WAY(handled),
	WAY(passed_on),
	WAY(ignored),
	WAY(looks),
	WAY(vfork),
	WAY(fork),
	WAY(threads),
};

int main(int argc, char **argv)
{
	for (size_t i = 0; argc > 1 && i < sizeof(ways) / sizeof(*ways); i++)
		if (!strcmp(ways[i].name, argv[1]))
			ways[i].go(); /* in main */
	puts("returned");
	return 7;
}
