/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 * Processes that end in a handler, by quick_exit, by a trap, from a thread, with main long gone. */
// varies: whether main comes to its wait before the thread ends the process
#include "log.h"
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

static volatile int zero;

static void quickly(void)
{
	T; zero++;
}

static void handler(int number)
{
	T; _exit(number);
}

static void by_quick_exit(void)
{
	T; at_quick_exit(quickly);
	T; quick_exit(3);
}

static void in_handler(void)
{
	T; signal(SIGUSR1, handler);
	T; raise(SIGUSR1);
	T; zero = 1;
}

static void while_waiting(void)
{
	T; signal(SIGALRM, handler);
	T; alarm(1);
	T; for (;;)
		pause(); //= 1
}

static void by_trap(void)
{
	T; if (C(0, zero == 0))
		__builtin_trap(); //= 1
	T; zero = 2;
}

static void *ends(void *argument)
{
	T; exit(*(int *)argument);
}

static void from_thread(void)
{
	pthread_t thread;
	int status = 4;
	T; pthread_create(&thread, NULL, ends, &status);
	T; pthread_join(thread, NULL);
	T; zero = 3;
}

static pthread_t first;

static void *outlives(void *argument)
{
	T; pthread_join(first, NULL);
	T; _exit(5);
	T; return argument;
}

static void without_main(void)
{
	pthread_t thread;
	T; first = pthread_self();
	T; pthread_create(&thread, NULL, outlives, NULL);
	T; pthread_exit(NULL);
	T; zero = 4;
}

int main(void)
{
	static void (*const all[])(void) = {by_quick_exit, in_handler, while_waiting, by_trap, from_thread, without_main};
	struct rlimit none = {0, 0};
	T; setrlimit(RLIMIT_CORE, &none);
	for (int n = 0; C(1, n < 6); n++) {
		T; pid_t child = fork();
		T; if (C(2, child == 0)) {
			T; all[n]();
			T; return 1;
		}
		T; waitpid(child, NULL, 0);
	}
	T; return 0;
}
