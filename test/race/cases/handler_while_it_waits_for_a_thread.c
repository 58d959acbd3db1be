/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * handler_while_it_waits_for_a_thread.c: what all the others are ordered after is not past, as long as a
 * handler may run in a thread that waits for one of them.
 *
 * race: write @write writer / read @handler handler
 */
#define _GNU_SOURCE
#include "case.h"

#include <signal.h>
#include <stdatomic.h>
#include <sys/syscall.h>
#include <unistd.h>

enum { ROUNDS = 400, MANY = 16 };

SHARED int table[MANY], seen;
static atomic_int turns;
static pthread_barrier_t both;
static pid_t first;

static void handler(int signal)
{
	(void)signal;
	if (!RIGHT)
		seen = table[0]; /* @handler */
	make_step();
}

/* In new epochs each time, by two threads. */
NOINLINE static int read_often(void)
{
	int sum = 0;
	for (int round = 0; round < ROUNDS; round++) {
		atomic_fetch_add(&turns, 1);
		for (int i = 0; i < 5; i++)
			sum += table[(round + i * i) % MANY];
	}
	return sum;
}

static void *writer(void *argument)
{
	for (int i = 0; i < MANY; i++)
		table[i] = i; /* @write */
	pthread_barrier_wait(&both);
	return read_often() ? argument : NULL;
}

static void *sender(void *argument)
{
	pthread_barrier_wait(&both);
	int sum = read_often();
	syscall(SYS_tgkill, getpid(), first, SIGUSR1); /* says nothing of what came before */
	await_step(1);
	return sum ? argument : NULL;
}

int main(void)
{
	struct sigaction action = {.sa_handler = handler};
	first = getpid();
	sigaction(SIGUSR1, &action, NULL);
	pthread_barrier_init(&both, NULL, 2);
	pthread_t other = start(writer, NULL), awaited = start(sender, NULL);
	finish(awaited);
	finish(other);
}
