/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * endings.c: a program that ends in the way its argument names. endings.py knows how often each counter runs.
 *
 * Counter 0: processes that entered main; 1: units of work; 2: children; 3: never.
 */
#define _GNU_SOURCE 1
#include "handmade.h"

#undef NDEBUG
#include <assert.h>
#include <fcntl.h>
#include <pthread.h>
#include <sched.h>
#include <setjmp.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

static char *self;

static void work(int units)
{
	for (int i = 0; i < units; i++)
		COUNT(1);
}

static void send_self(int signal_number)
{
	struct rlimit no_core = {0, 0};

	setrlimit(RLIMIT_CORE, &no_core);
	work(1000);
	raise(signal_number);
	COUNT(3);
}

static void end_exit(void)
{
	work(1000);
	exit(0);
}

static void end_return(void)
{
	work(1000);
}

static void end__exit(void)
{
	work(1000);
	_exit(7);
}

static void end_quick_exit(void)
{
	work(1000);
	quick_exit(0);
}

static void end_abort(void)
{
	struct rlimit no_core = {0, 0};

	setrlimit(RLIMIT_CORE, &no_core);
	work(1000);
	abort();
}

static void end_assert(void)
{
	struct rlimit no_core = {0, 0};

	setrlimit(RLIMIT_CORE, &no_core);
	work(1000);
	assert(!self);
}

static void end_segv(void)
{
	send_self(SIGSEGV);
}

static void end_term(void)
{
	send_self(SIGTERM);
}

static void end_kill(void)
{
	send_self(SIGKILL);
}

static void end_exec(void)
{
	work(500);
	execl(self, self, "return", (char *)NULL);
	COUNT(3);
}

static void end_execle(void)
{
	char *environment[] = {"A=1", NULL};

	work(500);
	execle("/bin/sh", "sh", "-c", "test $A = 1 && test $1 = $2 && exec $1 return", "x", self, self,
		(char *)NULL, environment);
	COUNT(3);
}

/* Found by PATH; and by nothing, first. */
static void end_execvp(void)
{
	char *argv[] = {"env", self, "return", NULL};

	work(250);
	execlp("no-such-program", "x", (char *)NULL);
	work(250);
	execvp("env", argv);
	COUNT(3);
}

static void end_exec_failing(void)
{
	work(500);
	execl("/nonexistent", "x", (char *)NULL);
	work(500);
}

static void fork_and(void (*child_end)(int))
{
	pid_t pid;

	work(1000);
	pid = fork();
	if (pid == 0) {
		COUNT(2);
		work(500);
		child_end(0);
	}
	work(250);
	waitpid(pid, NULL, 0);
}

static void end_fork_exit(void)
{
	fork_and(exit);
}

static void end_fork__exit(void)
{
	fork_and(_exit);
}

static void end_fork__Fork(void)
{
	pid_t pid;

	work(1000);
	pid = _Fork();
	if (pid == 0) {
		COUNT(2);
		work(500);
		_exit(0);
	}
	work(250);
	waitpid(pid, NULL, 0);
}

static void end_vfork_exec(void)
{
	pid_t pid;

	work(500);
	pid = vfork();
	if (pid == 0) {
		COUNT(2);
		execl(self, self, "return", (char *)NULL);
		_exit(1);
	}
	waitpid(pid, NULL, 0);
	work(250);
}

static void end_daemon(void)
{
	work(100);
	if (fork())
		_exit(0);
	setsid();
	if (fork())
		_exit(0);
	if (chdir("/"))
		COUNT(3);
	for (int fd = 0; fd < 64; fd++)
		close(fd);
	work(500);
	if (fork() == 0) {
		COUNT(2);
		work(400);
		_exit(0);
	}
	wait(NULL);
}

static void *late_worker(void *arg)
{
	pthread_t *main_thread = arg;

	pthread_join(*main_thread, NULL);
	work(1000);
	return NULL;
}

static void end_main_pthread_exit(void)
{
	static pthread_t main_thread, worker;

	main_thread = pthread_self();
	pthread_create(&worker, NULL, late_worker, &main_thread);
	pthread_exit(NULL);
}

static jmp_buf back;

static void jump(int depth)
{
	COUNT(1);
	if (depth)
		jump(depth - 1);
	longjmp(back, 1);
}

static void end_longjmp(void)
{
	if (setjmp(back) == 0)
		jump(9);
	work(990);
}

/* Each loop tells how far it came in shared memory, after the count: count is progress or one more. */
static _Atomic uint64_t *progress;

static void *endless(void *arg)
{
	_Atomic uint64_t *mine = arg;

	for (;;) {
		COUNT(1);
		atomic_fetch_add_explicit(mine, 1, memory_order_relaxed);
	}
	return NULL;
}

static void start_endless_threads(void)
{
	int fd = open("progress", O_RDWR | O_CREAT | O_TRUNC, 0666);
	pthread_t thread;

	if (ftruncate(fd, 4096))
		COUNT(3);
	progress = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	close(fd);
	for (int i = 0; i < 4; i++)
		pthread_create(&thread, NULL, endless, &progress[i]);
	for (int i = 0; i < 4; i++)
		while (progress[i] < 1000)
			sched_yield();
}

static void end_mid_loop_exit(void)
{
	start_endless_threads();
	exit(0);
}

static void end_mid_loop__exit(void)
{
	start_endless_threads();
	_exit(0);
}

static void end_mid_loop_kill(void)
{
	start_endless_threads();
	raise(SIGKILL);
}

static void end_mid_loop_exec(void)
{
	start_endless_threads();
	execl("/bin/true", "true", (char *)NULL);
}

static const struct {
	const char *name;
	void (*end)(void);
} endings[] = {
#define ENDING(name)                                                                                         \
	{                                                                                                    \
#name, end_##name                                                                            \
	}
	ENDING(return ),
	ENDING(exit),
	ENDING(_exit),
	ENDING(quick_exit),
	ENDING(abort),
	ENDING(assert),
	ENDING(segv),
	ENDING(term),
	ENDING(kill),
	ENDING(exec),
	ENDING(execle),
	ENDING(execvp),
	ENDING(exec_failing),
	ENDING(fork_exit),
	ENDING(fork__exit),
	ENDING(fork__Fork),
	ENDING(vfork_exec),
	ENDING(daemon),
	ENDING(main_pthread_exit),
	ENDING(longjmp),
	ENDING(mid_loop_exit),
	ENDING(mid_loop__exit),
	ENDING(mid_loop_kill),
	ENDING(mid_loop_exec),
};

int main(int argc, char **argv)
{
	static char path[4096];

	(void)argc;
	COUNT(0);
	self = readlink("/proc/self/exe", path, sizeof(path) - 1) > 0 ? path : "";
	for (size_t i = 0; i < sizeof(endings) / sizeof(*endings); i++)
		if (!strcmp(argv[1], endings[i].name)) {
			endings[i].end();
			return 0;
		}
	return 2;
}
