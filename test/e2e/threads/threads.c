/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * threads.c: a program whose threads come and go in the way its argument names, and that prints on its
 * standard output how often each counter ran: the truth, which threads.py compares with the data file.
 */
#define _GNU_SOURCE 1
#include "handmade.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <linux/sched.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <threads.h>
#include <unistd.h>

static uint64_t truth[HANDMADE_COUNTERS];

static void work(int counter, int units)
{
	for (int i = 0; i < units; i++)
		COUNT(counter);
}

static void start_thread(pthread_t *thread, const pthread_attr_t *attr, void *(*fn)(void *), void *arg)
{
	if (pthread_create(thread, attr, fn, arg)) {
		fprintf(stderr, "pthread_create failed\n");
		exit(99);
	}
}

static void run_threads(int count, const pthread_attr_t *attr, void *(*fn)(void *))
{
	pthread_t *threads = calloc((size_t)count, sizeof(*threads));

	for (int i = 0; i < count; i++)
		start_thread(&threads[i], attr, fn, NULL);
	for (int i = 0; i < count; i++)
		pthread_join(threads[i], NULL);
	free(threads);
}

/* 8 threads, 2 000 000 calls each, and none gets more than a 20th ahead of another: they run at the same
 * time. */
enum { SIDE_BY_SIDE = 8, LAPS = 20, LAP = 100000 };

static void *lap_runner(void *arg)
{
	static atomic_int arrived;

	for (int lap = 1; lap <= LAPS; lap++) {
		atomic_fetch_add(&arrived, 1);
		while (atomic_load(&arrived) < lap * SIDE_BY_SIDE)
			sched_yield();
		work(1, LAP);
	}
	return arg;
}

static void run_side_by_side(void)
{
	run_threads(SIDE_BY_SIDE, NULL, lap_runner);
	truth[1] = (uint64_t)SIDE_BY_SIDE * LAPS * LAP;
}

static void *hundred(void *arg)
{
	work(1, 100);
	return arg;
}

static void run_lifetime(void)
{
	for (int i = 0; i < 500; i++)
		run_threads(20, NULL, hundred);
	truth[1] = 500 * 20 * 100;
}

static pthread_barrier_t everybody;

static void *meet_and_work(void *arg)
{
	pthread_barrier_wait(&everybody);
	work(1, 1000);
	pthread_barrier_wait(&everybody);
	return arg;
}

static void run_crowd(void)
{
	pthread_attr_t attr;

	pthread_attr_init(&attr);
	pthread_attr_setstacksize(&attr, 65536);
	pthread_barrier_init(&everybody, NULL, 2000);
	run_threads(2000, &attr, meet_and_work);
	truth[1] = 2000 * 1000;
}

static void run_tiny_stack(void)
{
	pthread_attr_t attr;

	pthread_attr_init(&attr);
	pthread_attr_setstacksize(&attr, (size_t)PTHREAD_STACK_MIN);
	run_threads(50, &attr, hundred);
	truth[1] = 50 * 100;
}

static int c11_hundred(void *arg)
{
	(void)arg;
	work(1, 100);
	return 42;
}

static void run_c11(void)
{
	thrd_t threads[30];
	int result;

	for (int i = 0; i < 30; i++)
		thrd_create(&threads[i], c11_hundred, NULL);
	for (int i = 0; i < 30; i++) {
		thrd_join(threads[i], &result);
		work(2, result);
	}
	truth[1] = 3000;
	truth[2] = 30 * 42;
}

static pthread_key_t keys[3];

/* Runs several rounds, after every other destructor's first. */
static void late_destructor(void *value)
{
	uintptr_t rounds = (uintptr_t)value;

	work(1, 50);
	if (rounds > 1)
		pthread_setspecific(keys[0], (void *)(rounds - 1));
}

static void *with_destructor(void *arg)
{
	pthread_setspecific(keys[0], (void *)(uintptr_t)3);
	work(1, 50);
	if (arg)
		return arg;
	pthread_exit(NULL);
}

static void run_destructors(void)
{
	pthread_key_create(&keys[0], late_destructor);
	for (int i = 0; i < 20; i++)
		run_threads(10, NULL, with_destructor);
	truth[1] = 200 * 200;
}

static atomic_int cancel_ready;

static void count_cleanup(void *arg)
{
	(void)arg;
	work(2, 1);
}

static void *to_be_cancelled(void *arg)
{
	pthread_cleanup_push(count_cleanup, NULL);
	work(1, 100);
	atomic_fetch_add(&cancel_ready, 1);
	for (;;)
		pause();
	pthread_cleanup_pop(0);
	return arg;
}

static void run_cancel(void)
{
	pthread_t threads[50];

	for (int i = 0; i < 50; i++)
		start_thread(&threads[i], NULL, to_be_cancelled, NULL);
	while (cancel_ready < 50)
		sched_yield();
	for (int i = 0; i < 50; i++)
		pthread_cancel(threads[i]);
	for (int i = 0; i < 50; i++)
		pthread_join(threads[i], NULL);
	truth[1] = 5000;
	truth[2] = 50;
}

static atomic_ulong handled;
static atomic_bool signals_over;

/* The delta that code of this thread runs with. */
static unsigned long delta_now(void)
{
	unsigned long base = 0;

#if defined(__x86_64__)
	syscall(SYS_arch_prctl, 0x1004 /* ARCH_GET_GS */, &base);
#endif
	return base;
}

static __thread unsigned long delta_in_handler;

static void handler(int signal_number)
{
	(void)signal_number;
	if (!delta_in_handler)
		delta_in_handler = delta_now();
	COUNT(2);
	atomic_fetch_add(&handled, 1);
}

/* A handler that ran before the thread was set up would have counted for another thread. */
static void *hundred_with_own_delta(void *arg)
{
	work(1, 100);
	if (delta_in_handler && delta_in_handler != delta_now())
		work(3, 1);
	return arg;
}

static void *send_signals(void *arg)
{
	while (!signals_over) {
		kill(getpid(), SIGUSR1);
		sched_yield();
	}
	return arg;
}

/* Signals hit threads at every moment of their lives, also before their first own instruction. */
static void run_signals(void)
{
	struct sigaction action = {.sa_handler = handler, .sa_flags = SA_RESTART};
	pthread_t sender;

	sigaction(SIGUSR1, &action, NULL);
	start_thread(&sender, NULL, send_signals, NULL);
	for (int i = 0; i < 200; i++)
		run_threads(10, NULL, hundred_with_own_delta);
	signals_over = true;
	pthread_join(sender, NULL);
	signal(SIGUSR1, SIG_IGN);
	truth[1] = 200 * 10 * 100;
	truth[2] = handled;
}

static void *check_mask(void *arg)
{
	sigset_t mask;

	pthread_sigmask(SIG_BLOCK, NULL, &mask);
	work(1, sigismember(&mask, SIGUSR2));
	work(2, sigismember(&mask, SIGUSR1));
	return arg;
}

/* A thread has its creator's mask, or that of its attributes; the creator keeps its own. */
static void run_masks(void)
{
	pthread_attr_t attr;
	sigset_t mask;

	sigemptyset(&mask);
	sigaddset(&mask, SIGUSR2);
	pthread_sigmask(SIG_SETMASK, &mask, NULL);
	run_threads(10, NULL, check_mask);
	check_mask(NULL);
	sigemptyset(&mask);
	sigaddset(&mask, SIGUSR1);
	pthread_attr_init(&attr);
	pthread_attr_setsigmask_np(&attr, &mask);
	run_threads(5, &attr, check_mask);
	truth[1] = 11;
	truth[2] = 5;
}

enum { CLONE_STACK = 65536 };

static int cloned(void *arg)
{
	(void)arg;
	work(1, 1000000);
	return 0;
}

/* Not a thread, but in our memory, and counting while we do. */
static void run_clone_vm(void)
{
	for (int i = 0; i < 10; i++) {
		char *stack = malloc(CLONE_STACK);
		int pid =
			clone(cloned, stack + CLONE_STACK, CLONE_VM | CLONE_FS | CLONE_FILES | SIGCHLD, NULL);

		work(1, 1000000);
		waitpid(pid, NULL, 0);
		free(stack);
	}
	truth[1] = 20 * 1000000;
}

static void run_clone_process(void)
{
	for (int i = 0; i < 10; i++) {
		char *stack = malloc(CLONE_STACK);
		int pid = clone(cloned, stack + CLONE_STACK, SIGCHLD, NULL);

		work(1, 1000000);
		waitpid(pid, NULL, 0);
		free(stack);
	}
	truth[1] = 20 * 1000000;
}

/* Births by the C library's syscall(): the child goes on here. */
static void count_beside(long pid)
{
	work(1, 1000000);
	if (pid == 0)
		_exit(0);
	if (pid > 0)
		waitpid((pid_t)pid, NULL, 0);
	truth[1] += pid > 0 ? 2000000 : 1000000;
}

static void run_syscall_clone(void)
{
	for (int i = 0; i < 10; i++)
		count_beside(syscall(SYS_clone, SIGCHLD, NULL, NULL, NULL, NULL));
}

static void run_syscall_clone3(void)
{
	struct clone_args args = {.exit_signal = SIGCHLD};

	/* As it is asked for: without arguments, then in earnest. */
	work(2, syscall(SYS_clone3, NULL, 0) == -1 && errno != EFAULT);
	work(2, syscall(SYS_clone3, (void *)1, sizeof(args)) == -1 && errno != EINVAL);
	truth[2] = 2;
	for (int i = 0; i < 10; i++)
		count_beside(syscall(SYS_clone3, &args, sizeof(args)));
}

/* All six arguments arrive, and errors do as everywhere. */
static void run_syscall_other(void)
{
	static uint64_t word = 5;
	void *at = (void *)syscall(
		SYS_mmap, NULL, 4096, PROT_READ, MAP_PRIVATE, open("/proc/self/exe", O_RDONLY), 4096);
	void *from_start = mmap(NULL, 8192, PROT_READ, MAP_PRIVATE, open("/proc/self/exe", O_RDONLY), 0);

	work(2, !memcmp(at, (char *)from_start + 4096, 4096));
	errno = 0;
	work(2, syscall(SYS_close, -1) == -1 && errno == EBADF);
	work(2, syscall(SYS_futex, &word, 129 /* FUTEX_WAKE_PRIVATE */, 1, NULL, NULL, 0) == 0 &&
			errno == EBADF);
	work(2, syscall(SYS_getpid) == getpid());
	work(2, syscall(SYS_clone, CLONE_THREAD, NULL, NULL, NULL, NULL) == -1 && errno == EINVAL);
	truth[2] = 5;
}

/* A fork that nobody can see: found when the child next meets the runtime; then it counts for itself. */
static void run_bare_fork(void)
{
#if defined(__x86_64__)
	long pid;

	work(1, 100);
	__asm__ volatile("syscall" : "=a"(pid) : "a"(SYS_fork) : "rcx", "r11", "memory");
	if (pid == 0) {
		run_threads(1, NULL, hundred);
		count_beside(pid);
	}
	waitpid((pid_t)pid, NULL, 0);
	/* One that meets it only as it ends. */
	__asm__ volatile("syscall" : "=a"(pid) : "a"(SYS_fork) : "rcx", "r11", "memory");
	if (pid == 0) {
		work(1, 100);
		_exit(0);
	}
	waitpid((pid_t)pid, NULL, 0);
	truth[1] = 1000300;
#endif
}

static void *stack_of_stranger[4096] __attribute__((aligned(16)));

static void stranger(void)
{
	work(3, 1);
	syscall(SYS_exit, 0);
}

/* It comes to life in our memory, on a stack of its own, by syscall(): that it was there is noted. */
static void run_syscall_clone_vm(void)
{
#if defined(__x86_64__)
	long pid;

	stack_of_stranger[4094] = (void *)stranger;
	pid = syscall(SYS_clone, CLONE_VM | SIGCHLD, &stack_of_stranger[4094], NULL, NULL, NULL);
	waitpid((pid_t)pid, NULL, 0);
	truth[3] = 1;
#endif
}

static atomic_bool forks_over;
static atomic_ulong looped;

static void *loop_until_over(void *arg)
{
	unsigned long loops = 0;

	for (; !forks_over; loops++)
		COUNT(2);
	atomic_fetch_add(&looped, loops);
	return arg;
}

static void *thread_of_child(void *arg)
{
	work(1, 100);
	return arg;
}

static void run_fork_among_threads(void)
{
	pthread_t threads[4];

	for (int i = 0; i < 4; i++)
		start_thread(&threads[i], NULL, loop_until_over, NULL);
	for (int i = 0; i < 100; i++) {
		pid_t pid = fork();
		if (pid == 0) {
			work(1, 100);
			run_threads(3, NULL, thread_of_child);
			_exit(0);
		}
		work(3, 10);
		waitpid(pid, NULL, 0);
	}
	forks_over = true;
	for (int i = 0; i < 4; i++)
		pthread_join(threads[i], NULL);
	truth[1] = 100 * 400;
	truth[2] = looped;
	truth[3] = 1000;
}

static void *forking_thread(void *arg)
{
	for (int i = 0; i < 10; i++) {
		pid_t pid = fork();
		if (pid == 0) {
			work(1, 100);
			_exit(0);
		}
		work(2, 1);
		waitpid(pid, NULL, 0);
	}
	return arg;
}

static void run_fork_in_threads(void)
{
	run_threads(8, NULL, forking_thread);
	truth[1] = 8 * 10 * 100;
	truth[2] = 80;
}

static void in_atfork_child(void)
{
	COUNT(2);
}

static void run_atfork(void)
{
	pthread_atfork(NULL, NULL, in_atfork_child);
	for (int i = 0; i < 50; i++)
		if (fork() == 0)
			_exit(0);
	work(2, 1000000); /* while children count in their handlers */
	while (wait(NULL) > 0)
		;
	truth[2] = 1000050;
}

static const struct {
	const char *name;
	void (*run)(void);
} ways[] = {
#define WAY(name)                                                                                            \
	{                                                                                                    \
#name, run_##name                                                                            \
	}
	WAY(side_by_side),
	WAY(lifetime),
	WAY(crowd),
	WAY(tiny_stack),
	WAY(c11),
	WAY(destructors),
	WAY(cancel),
	WAY(signals),
	WAY(masks),
	WAY(clone_vm),
	WAY(clone_process),
	WAY(syscall_clone),
	WAY(syscall_clone3),
	WAY(syscall_other),
	WAY(bare_fork),
	WAY(syscall_clone_vm),
	WAY(fork_among_threads),
	WAY(fork_in_threads),
	WAY(atfork),
};

int main(int argc, char **argv)
{
	COUNT(0);
	truth[0] = 1;
	for (size_t i = 0; i < sizeof(ways) / sizeof(*ways); i++)
		if (argc > 1 && !strcmp(argv[1], ways[i].name)) {
			ways[i].run();
			for (int n = 0; n < 4; n++)
				printf("%lu ", (unsigned long)truth[n]);
			return 0;
		}
	return 2;
}
