/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 * Threads that are cancelled, and end, in the middle of a call. */
#include "log.h"
#include <pthread.h>
#include <semaphore.h>

static sem_t ready, never;

static void cleans(void *argument)
{
	T; (void)argument;
}

static void waits(void)
{
	T; sem_post(&ready);
	T; sem_wait(&never);
	T; sem_post(&ready);
}

static void *cancelled(void *argument)
{
	T; int x = 1;
	pthread_cleanup_push(cleans, argument);
	T; waits();
	T; x++;
	pthread_cleanup_pop(1);
	T; return x ? argument : 0;
}

static void deep(int n)
{
	T; if (C(0, n == 0)) {
		T; pthread_exit(0);
	}
	T; deep(n - 1);
	T; n = 0;
}

static void *ended(void *argument)
{
	T; deep(3);
	T; return argument;
}

int main(void)
{
	pthread_t thread;
	T; sem_init(&ready, 0, 0);
	T; sem_init(&never, 0, 0);
	T; pthread_create(&thread, NULL, cancelled, NULL);
	T; sem_wait(&ready);
	T; pthread_cancel(thread);
	T; pthread_join(thread, NULL);
	T; pthread_create(&thread, NULL, ended, NULL);
	T; pthread_join(thread, NULL);
	T; return 0;
}
