/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * survive.c: correct programs that must go on and hear nothing: survive CASE.
 */
#include <pthread.h>
#include <setjmp.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <ucontext.h>
#include <unistd.h>

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static long shared, counted[100];
static int stop;
static int hits;
static __thread sigjmp_buf back;

static int was_hit(void)
{
	return __atomic_load_n(&hits, __ATOMIC_RELAXED) != 0;
}

static void count_hit(int signal)
{
	(void)signal;
	__atomic_fetch_add(&hits, 1, __ATOMIC_RELAXED);
}

static volatile sig_atomic_t may_jump; /* there is a place to jump to */

static void jump_back(int signal)
{
	if (!may_jump)
		return;
	__atomic_fetch_add(&hits, 1, __ATOMIC_RELAXED);
	siglongjmp(back, signal);
}

/* Locks, blocks and ranges, so that most signals find the thread inside the runtime. */
static void *work(void *unused)
{
	char bytes[64];

	for (long i = 0; i < 100000; i++) {
		char *block = malloc(50 + (size_t)i % 100);

		pthread_mutex_lock(&mutex);
		shared++;
		counted[i % 100]++;
		pthread_mutex_unlock(&mutex);
		memset(bytes, (int)i, sizeof(bytes));
		block[3] = bytes[7];
		free(block);
	}
	return unused;
}

/* No lock: the handler leaves for good. */
static void *work_without_locks(void *unused)
{
	static long mine[8];
	volatile long i = 0;

	sigsetjmp(back, 1);
	may_jump = 1;
	for (; i < 100000 || !was_hit(); i++) {
		mine[i % 8]++;
		__atomic_fetch_add(&shared, 1, __ATOMIC_SEQ_CST);
	}
	may_jump = 0;
	return unused;
}

static void *hit(void *thread)
{
	while (!__atomic_load_n(&stop, __ATOMIC_ACQUIRE)) {
		pthread_kill(*(pthread_t *)thread, SIGUSR1);
		usleep(100);
	}
	return NULL;
}

static int hit_while(void *(*body)(void *), void (*handler)(int))
{
	struct sigaction action = {.sa_handler = handler, .sa_flags = SA_RESTART}, now;
	pthread_t worker, hitter;

	if (sigaction(SIGUSR1, &action, NULL) || sigaction(SIGUSR1, NULL, &now) ||
		now.sa_handler != handler || now.sa_flags & SA_SIGINFO)
		return 2;
	pthread_create(&worker, NULL, body, NULL);
	pthread_create(&hitter, NULL, hit, &worker);
	/* Not joined while it may still be hit. */
	while (__atomic_load_n(&shared, __ATOMIC_ACQUIRE) < 100000 || !was_hit())
		usleep(1000);
	__atomic_store_n(&stop, 1, __ATOMIC_RELEASE);
	pthread_join(hitter, NULL);
	pthread_join(worker, NULL);
	return 0;
}

static int run_signals(void)
{
	return hit_while(work_without_locks, count_hit);
}

static int run_jumps(void)
{
	return hit_while(work_without_locks, jump_back);
}

/* Children of a program whose other threads are in the runtime and in the allocator. */
static int run_forks(void)
{
	pthread_t workers[2], own;
	int status, bad = 0;

	for (int i = 0; i < 2; i++)
		pthread_create(&workers[i], NULL, work, NULL);
	for (int i = 0; i < 50; i++) {
		pid_t child = fork();

		if (!child) {
			pthread_mutex_init(&mutex, NULL);
			for (int j = 0; j < 100; j++)
				free(malloc((size_t)j * 100));
			if (i % 10 == 0 && !pthread_create(&own, NULL, work, NULL))
				pthread_join(own, NULL);
			_exit(0);
		}
		bad += waitpid(child, &status, 0) != child || status != 0;
	}
	for (int i = 0; i < 2; i++)
		pthread_join(workers[i], NULL);
	return bad;
}

static ucontext_t main_context, fiber;

static void fiber_body(void)
{
	for (;;) {
		shared++;
		free(malloc(10));
		swapcontext(&fiber, &main_context);
	}
}

static void *run_fiber(void *unused)
{
	getcontext(&fiber);
	fiber.uc_stack.ss_size = 1 << 16;
	fiber.uc_stack.ss_sp = malloc(fiber.uc_stack.ss_size);
	makecontext(&fiber, fiber_body, 0);
	for (int i = 0; i < 1000; i++)
		swapcontext(&main_context, &fiber);
	free(fiber.uc_stack.ss_sp);
	return unused;
}

static int run_fibers(void)
{
	pthread_t thread;

	pthread_create(&thread, NULL, run_fiber, NULL);
	pthread_join(thread, NULL);
	return shared != 1000;
}

/* Blocks wander from thread to thread by the allocator's order alone. */
static void *allocate(void *seed)
{
	unsigned long state = (unsigned long)(size_t)seed;
	char *blocks[64] = {NULL};

	for (int i = 0; i < 20000; i++) {
		size_t k, size;

		state = state * 6364136223846793005ul + 1442695040888963407ul;
		k = state >> 33 & 63;
		size = (state >> 40) % 3000 + 1;
		blocks[k] = state >> 60 & 1 ? realloc(blocks[k], size) : (free(blocks[k]), calloc(1, size));
		memset(blocks[k], (int)k, size);
	}
	for (size_t k = 0; k < 64; k++)
		free(blocks[k]);
	return NULL;
}

static int run_blocks(void)
{
	pthread_t threads[4];

	for (int round = 0; round < 3; round++) {
		for (size_t i = 0; i < 4; i++)
			pthread_create(&threads[i], NULL, allocate, (void *)(i + 1));
		for (int i = 0; i < 4; i++)
			pthread_join(threads[i], NULL);
	}
	return 0;
}

int main(int argc, char **argv)
{
	static const struct {
		const char *name;
		int (*run)(void);
	} cases[] = {{"signals", run_signals}, {"jumps", run_jumps}, {"forks", run_forks},
		{"fibers", run_fibers}, {"blocks", run_blocks}};

	for (size_t i = 0; argc > 1 && i < sizeof(cases) / sizeof(cases[0]); i++)
		if (!strcmp(cases[i].name, argv[1]))
			return cases[i].run();
	return 2;
}
