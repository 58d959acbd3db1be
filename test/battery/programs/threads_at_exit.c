/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 * Threads are in a loop and in a call that waits when the process ends. */
// varies: how often a thread that spins goes round
#include "log.h"
#include <pthread.h>
#include <unistd.h>

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t never = PTHREAD_COND_INITIALIZER, changed = PTHREAD_COND_INITIALIZER;
static int waiting;
static volatile int spinning;

static void wait_here(void)
{
	T; waiting++;
	T; pthread_cond_signal(&changed);
	T; pthread_cond_wait(&never, &lock);
	T; waiting = 0;
}

static void *waits(void *argument)
{
	T; pthread_mutex_lock(&lock);
	T; wait_here();
	T; return argument;
}

static void *spins(void *argument)
{
	T; spinning = 1;
	while (spinning)
		;
	T; return argument;
}

static void *leaves(void *argument)
{
	T; pthread_exit(argument);
}

static pthread_t started(void *(*work)(void *))
{
	pthread_t thread;
	T; pthread_create(&thread, NULL, work, NULL);
	T; return thread;
}

int main(void)
{
	T; pthread_join(started(leaves), NULL);
	T; started(waits);
	T; started(waits);
	T; pthread_mutex_lock(&lock);
	while (waiting < 2)
		pthread_cond_wait(&changed, &lock);
	T; started(spins);
	while (!spinning)
		;
	T; _exit(0);
}
