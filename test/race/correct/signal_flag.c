/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception */
/* A handler publishes through an atomic flag; another thread and the interrupted one read what it wrote. */
#include <sched.h>
#include <signal.h>
#include <stdatomic.h>

#include "correct.h"

static struct {
	int signal;
	int number;
} note;
static _Atomic int written, read_back;
static volatile sig_atomic_t handled;

static void handle(int signal)
{
	note.signal = signal;
	note.number++;
	handled++;
	atomic_store_explicit(&written, note.number, memory_order_release);
}

static void *interrupted(void *argument)
{
	(void)argument;
	for (int n = 1; n <= 50; n++) {
		raise(SIGUSR1);
		REQUIRE(handled == n && note.number == n);
		while (atomic_load_explicit(&read_back, memory_order_acquire) < n)
			sched_yield();
	}
	return NULL;
}

int main(void)
{
	struct sigaction action = {.sa_handler = handle};
	sigemptyset(&action.sa_mask);
	sigaction(SIGUSR1, &action, NULL);
	pthread_t thread;
	pthread_create(&thread, NULL, interrupted, NULL);
	for (int n = 1; n <= 50; n++) {
		while (atomic_load_explicit(&written, memory_order_acquire) < n)
			sched_yield();
		REQUIRE(note.signal == SIGUSR1 && note.number == n);
		atomic_store_explicit(&read_back, n, memory_order_release);
	}
	pthread_join(thread, NULL);
	return 0;
}
