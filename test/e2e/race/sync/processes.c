/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * processes.c: what happens around threads: memory that goes and comes at the same address, contexts that
 * move from thread to thread, children that start threads, locks that processes share, the exit.
 */
#include "pairs.h"

#include <errno.h>
#include <limits.h>
#include <linux/futex.h>
#include <spawn.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <ucontext.h>
#include <unistd.h>

extern char **environ;

static void must(int is_so)
{
	if (!is_so)
		abort();
}

static void nothing(int o)
{
	(void)o;
}

/* ---- memory: what takes the place of other memory is new; in the racy twin it stays ---- */

#define PAGE ((size_t)4096)
static long *_Atomic page;

static long *the_page(void)
{
	return atomic_load_explicit(&page, memory_order_relaxed);
}

static void map_page(int o)
{
	long *at = mmap(NULL, PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	(void)o;
	must(at != MAP_FAILED);
	atomic_store_explicit(&page, at, memory_order_relaxed);
	*at = 1;
}

static void map_over(int o)
{
	if (!o)
		must(mmap(the_page(), PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED,
			     -1, 0) == the_page());
	*the_page() = 2;
}

static void unmap_and_map(int o)
{
	if (!o) {
		must(!munmap(the_page(), PAGE));
		must(mmap(the_page(), PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED,
			     -1, 0) == the_page());
	}
	*the_page() = 2;
}

static void discard(int o)
{
	if (!o)
		must(!madvise(the_page(), PAGE, MADV_DONTNEED));
	*the_page() = 2;
}

static void move(int o)
{
	long *to = the_page();

	if (!o)
		to = mremap(to, PAGE, 4 * PAGE, MREMAP_MAYMOVE | MREMAP_FIXED,
			mmap(NULL, 4 * PAGE, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0));
	must(to != MAP_FAILED);
	*to = 2;
}

/* Threads one after the other, on what is likely the same stack. In the racy twin one lends its variable. */
static long *_Atomic lent;

static void *uses_stack(void *arg)
{
	volatile long local[64];

	for (int i = 0; i < 64; i++)
		local[i] = i;
	return arg;
}

static void *lends_stack(void *arg)
{
	long local = 1;

	atomic_store_explicit(&lent, &local, memory_order_relaxed);
	hidden_give(2);
	hidden_wait(3);
	return arg;
}

static void *writes_lent(void *arg)
{
	*atomic_load_explicit(&lent, memory_order_relaxed) = 2;
	return arg;
}

static void stacks_again(int o)
{
	pthread_t thread, other;

	(void)o;
	for (int i = 0; i < 20; i++) {
		pthread_create(&thread, NULL, uses_stack, NULL);
		pthread_join(thread, NULL);
	}
	if (!pair_racy)
		return;
	pthread_create(&thread, NULL, lends_stack, NULL);
	hidden_wait(2);
	pthread_create(&other, NULL, writes_lent, NULL);
	pthread_join(other, NULL);
	hidden_give(3);
	pthread_join(thread, NULL);
}

/* ---- contexts ---- */

static ucontext_t scheduler[2], fiber;
static char fiber_stack[65536];
static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static int resumer;

static void fiber_work(void)
{
	shared++;
	swapcontext(&fiber, &scheduler[0]);
	shared++;
	setcontext(&scheduler[resumer]);
}

/* It begins in one thread and ends in another; the mutex hands it over, or nothing does. */
static void begin_fiber(int o)
{
	(void)o;
	if (!pair_racy)
		pthread_mutex_lock(&mutex);
	getcontext(&fiber);
	fiber.uc_stack.ss_sp = fiber_stack;
	fiber.uc_stack.ss_size = sizeof(fiber_stack);
	makecontext(&fiber, fiber_work, 0);
	swapcontext(&scheduler[0], &fiber);
	if (!pair_racy)
		pthread_mutex_unlock(&mutex);
}

static void end_fiber(int o)
{
	if (!o)
		pthread_mutex_lock(&mutex);
	resumer = 1;
	swapcontext(&scheduler[1], &fiber);
	if (!o)
		pthread_mutex_unlock(&mutex);
}

/* ---- processes ---- */

static void *child_thread(void *arg)
{
	if (pair_racy || arg)
		shared++;
	hidden_give(4);
	return arg;
}

/* The child of a process with threads starts threads of its own. */
static void fork_and_create(int o)
{
	pthread_t first, second;
	int status;
	pid_t child = fork();

	(void)o;
	if (!child) {
		pthread_create(&first, NULL, child_thread, &shared);
		pthread_create(&second, NULL, child_thread, NULL);
		pthread_join(first, NULL);
		pthread_join(second, NULL);
		exit(0);
	}
	must(waitpid(child, &status, 0) == child && WIFEXITED(status));
	must(WEXITSTATUS(status) == (pair_racy ? 66 : 0));
	if (pair_racy)
		exit(66);
}

static void spawn_and_race(int o)
{
	char *arguments[] = {"true", NULL};
	pid_t child;
	int status;

	if (!o)
		pthread_mutex_lock(&mutex);
	must(!posix_spawnp(&child, "true", NULL, NULL, arguments, environ));
	must(waitpid(child, &status, 0) == child && !status);
	child = vfork();
	if (!child)
		_exit(0);
	must(waitpid(child, &status, 0) == child && !status);
	shared++;
	if (!o)
		pthread_mutex_unlock(&mutex);
}

static void with_mutex(int o)
{
	(void)o;
	pthread_mutex_lock(&mutex);
	shared++;
	pthread_mutex_unlock(&mutex);
}

static pthread_mutex_t *process_mutex[2];

static void make_process_mutexes(int robust)
{
	pthread_mutexattr_t attributes;
	pthread_mutex_t *both = mmap(NULL, PAGE, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);

	must(both != MAP_FAILED);
	pthread_mutexattr_init(&attributes);
	pthread_mutexattr_setpshared(&attributes, PTHREAD_PROCESS_SHARED);
	if (robust)
		pthread_mutexattr_setrobust(&attributes, PTHREAD_MUTEX_ROBUST);
	for (int o = 0; o < 2; o++) {
		process_mutex[o] = &both[o];
		pthread_mutex_init(process_mutex[o], &attributes);
	}
}

static void process_lock(int o)
{
	must(!pthread_mutex_lock(process_mutex[o]));
	shared++;
	must(!pthread_mutex_unlock(process_mutex[o]));
}

static void *dies_with_it(void *arg)
{
	must(!pthread_mutex_lock(process_mutex[0]));
	shared++;
	return arg;
}

static void robust_first(int o)
{
	pthread_t thread;

	(void)o;
	pthread_create(&thread, NULL, dies_with_it, NULL);
	pthread_join(thread, NULL);
}

static void robust_second(int o)
{
	int rc = pthread_mutex_lock(process_mutex[o]);

	must(rc == (o ? 0 : EOWNERDEAD));
	if (rc)
		pthread_mutex_consistent(process_mutex[o]);
	shared++;
	pthread_mutex_unlock(process_mutex[o]);
}

/* What was left to be done at a fork. In the racy twin more is written after it. */
static void at_fork(void)
{
	shared++;
}

static void leaves_at_fork(int o)
{
	(void)o;
	shared++;
	must(!pthread_atfork(at_fork, at_fork, at_fork));
	if (pair_racy)
		shared++;
}

static void forks(int o)
{
	pid_t child = fork();
	int status;

	(void)o;
	if (!child)
		_exit(0);
	must(waitpid(child, &status, 0) == child && WIFEXITED(status));
}

/* ---- a futex of one's own: the atomic operations order, it does not ---- */

static _Atomic int word[2] = {0, 1};

static void futex_give(int o)
{
	(void)o;
	shared++;
	atomic_store_explicit(&word[0], 1, memory_order_release);
	syscall(SYS_futex, &word[0], FUTEX_WAKE, INT_MAX, NULL, NULL, 0);
}

static void futex_take(int o)
{
	while (!atomic_load_explicit(&word[o], memory_order_acquire))
		syscall(SYS_futex, &word[o], FUTEX_WAIT, 0, NULL, NULL, 0);
	shared++;
}

/* ---- the exit ---- */

static void at_exit(void)
{
	shared++;
}

static void on_exit_with(int status, void *of)
{
	must(status == 0);
	++*(long *)of;
}

#define LEAVES(name, leave)                                                                                  \
	static void name(int o)                                                                              \
	{                                                                                                    \
		(void)o;                                                                                     \
		shared++;                                                                                    \
		must(!(leave));                                                                              \
		if (pair_racy)                                                                               \
			shared++;                                                                            \
	}
LEAVES(leaves_atexit, atexit(at_exit))
LEAVES(leaves_on_exit, on_exit(on_exit_with, &shared))
LEAVES(leaves_at_quick_exit, at_quick_exit(at_exit))

static void exits(int o)
{
	(void)o;
	exit(0);
}

static void exits_quickly(int o)
{
	(void)o;
	quick_exit(0);
}

static const struct pair pairs[] = {
	{"map_fixed", map_page, map_over, 0},
	{"munmap", map_page, unmap_and_map, 0},
	{"madvise", map_page, discard, 0},
	{"mremap", map_page, move, 0},
	{"stacks_again", stacks_again, nothing, 0},
	{"context_that_moves", begin_fiber, end_fiber, 0},
	{"fork_and_create", fork_and_create, nothing, 0},
	{"pthread_atfork", leaves_at_fork, forks, 0},
	{"posix_spawn_vfork", with_mutex, spawn_and_race, 0},
	{"process_shared_mutex", process_lock, process_lock, 0},
	{"robust_mutex", robust_first, robust_second, 0},
	{"futex", futex_give, futex_take, 0},
	{"atexit", leaves_atexit, exits, 0},
	{"on_exit", leaves_on_exit, exits, 0},
	{"at_quick_exit", leaves_at_quick_exit, exits_quickly, 0},
	{0},
};

/* A case that ends the process leaves the threads as they are. */
const char *__tsan_default_options(void);
const char *__tsan_default_options(void)
{
	return "report_thread_leaks=0";
}

int main(int argc, char **argv)
{
	make_process_mutexes(argc > 1 && !strcmp(argv[1], "robust_mutex"));
	return pair_run(pairs, argc, argv);
}
