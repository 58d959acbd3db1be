/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * Fibers in the ways that programs have them, a function each; the argument says which.
 */
#define _GNU_SOURCE
#include "correct.h"
#include "fiber.h"

#include <furlong/furlong.h>
#include <setjmp.h>
#include <stdatomic.h>
#include <string.h>
#include <ucontext.h>

enum { ROUNDS = 100, THREADS = 3 };

/* What a thread runs besides itself: one fiber at a time. */
struct task {
	fiber_place place, home;
	ucontext_t context, home_context;
	void *fiber, *home_fiber;
	char *stack;
	long sum;
	int left;
};

static __thread struct task *running;
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static long shared;

/* Not kept across a switch. */
static __attribute__((noinline)) struct task *self(void)
{
	return running;
}

static __attribute__((noinline)) void add(long *to, long what)
{
	*to += what;
}

static void by_hand(void)
{
	for (;;) {
		struct task *task = self();

		add(&task->sum, 1);
		pthread_mutex_lock(&lock);
		add(&shared, 1);
		pthread_mutex_unlock(&lock);
		task->left--;
		fiber_switch(&task->place, task->home);
	}
}

static struct task *task_new(void (*run)(void))
{
	struct task *task = calloc(1, sizeof(*task));

	task->stack = malloc(FIBER_STACK_BYTES);
	task->left = ROUNDS;
	fiber_make(&task->place, task->stack, run);
	return task;
}

static void task_free(struct task *task)
{
	REQUIRE(task->sum == ROUNDS);
	free(task->stack);
	free(task);
}

static void step(struct task *task)
{
	running = task;
	fiber_switch(&task->home, task->place);
}

static void run_to_end(void (*run)(void))
{
	struct task *task = task_new(run);

	while (task->left)
		step(task);
	task_free(task);
}

/* Each thread has its own. */
static void *in_its_thread(void *unused)
{
	run_to_end(by_hand);
	return unused;
}

static struct task *passed;
static atomic_int turn;

/* One fiber, which every thread runs a while, handed on by an atomic. */
static void *handed_on_by_an_atomic(void *which)
{
	int me = (int)(intptr_t)which;

	for (int i = 0; i < ROUNDS; i++) {
		while (atomic_load_explicit(&turn, memory_order_acquire) % THREADS != me)
			sched_yield();
		if (!passed)
			passed = task_new(by_hand);
		if (passed->left)
			step(passed);
		atomic_fetch_add_explicit(&turn, 1, memory_order_release);
	}
	return NULL;
}

static void told(void)
{
	for (;;) {
		struct task *task = self();

		add(&task->sum, 1);
		task->left--;
		furlong_race_fiber_switch(task->home_fiber);
		fiber_switch(&task->place, task->home);
	}
}

/* As above, and it says whenever it switches. */
static void *handed_on_and_told(void *which)
{
	int me = (int)(intptr_t)which;

	for (int i = 0; i < ROUNDS; i++) {
		while (atomic_load_explicit(&turn, memory_order_acquire) % THREADS != me)
			sched_yield();
		if (!passed) {
			passed = task_new(told);
			passed->fiber = furlong_race_fiber_create();
		}
		if (passed->left) {
			passed->home_fiber = furlong_race_fiber_current();
			furlong_race_fiber_switch(passed->fiber);
			step(passed);
		}
		atomic_fetch_add_explicit(&turn, 1, memory_order_release);
	}
	return NULL;
}

static void by_context(void)
{
	for (;;) {
		struct task *task = self();

		add(&task->sum, 1);
		task->left--;
		swapcontext(&task->context, &task->home_context);
	}
}

/* By makecontext, and handed on. */
static void *contexts_handed_on(void *which)
{
	int me = (int)(intptr_t)which;

	for (int i = 0; i < ROUNDS; i++) {
		while (atomic_load_explicit(&turn, memory_order_acquire) % THREADS != me)
			sched_yield();
		if (!passed) {
			passed = task_new(told);
			getcontext(&passed->context);
			passed->context.uc_stack.ss_sp = passed->stack;
			passed->context.uc_stack.ss_size = FIBER_STACK_BYTES;
			makecontext(&passed->context, by_context, 0);
		}
		if (passed->left) {
			running = passed;
			swapcontext(&passed->home_context, &passed->context);
		}
		atomic_fetch_add_explicit(&turn, 1, memory_order_release);
	}
	return NULL;
}

/* Many fibers that never end are left where they are, and their stacks freed. */
static void *left_in_the_middle(void *unused)
{
	for (int i = 0; i < ROUNDS; i++) {
		struct task *task = task_new(by_hand);

		step(task);
		free(task->stack);
		free(task);
	}
	return unused;
}

static void fails(void)
{
	for (;;) {
		struct task *task = self();
		jmp_buf before;

		if (!setjmp(before)) {
			add(&task->sum, 1);
			longjmp(before, 1);
		}
		task->left--;
		fiber_switch(&task->place, task->home);
	}
}

/* Jumps within a fiber. */
static void *jumps_in_fibers(void *unused)
{
	run_to_end(fails);
	return unused;
}

static void starts_thread(void)
{
	for (;;) {
		struct task *task = self();
		pthread_t thread;

		if (task->left % 10 == 0) {
			REQUIRE(!pthread_create(&thread, NULL, in_its_thread, NULL));
			REQUIRE(!pthread_join(thread, NULL));
		}
		add(&task->sum, 1);
		task->left--;
		fiber_switch(&task->place, task->home);
	}
}

/* A fiber starts threads that have fibers. */
static void *threads_of_fibers(void *unused)
{
	run_to_end(starts_thread);
	return unused;
}

int main(int count, char **arguments)
{
	static const struct {
		const char *name;
		void *(*body)(void *);
	} cases[] = {
		{"in_its_thread", in_its_thread},
		{"handed_on_by_an_atomic", handed_on_by_an_atomic},
		{"handed_on_and_told", handed_on_and_told},
		{"contexts_handed_on", contexts_handed_on},
		{"left_in_the_middle", left_in_the_middle},
		{"jumps_in_fibers", jumps_in_fibers},
		{"threads_of_fibers", threads_of_fibers},
	};

	REQUIRE(count == 2);
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		if (!strcmp(cases[i].name, arguments[1])) {
			in_threads(THREADS, cases[i].body);
			if (passed)
				task_free(passed);
			return 0;
		}
	return 2;
}
