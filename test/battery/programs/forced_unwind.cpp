/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 * Threads that end, or are cancelled, through frames with destructors and handlers. */
#include "log.h"
#include <cstddef>
#include <pthread.h>
#include <semaphore.h>

static sem_t ready, never;
static int sum;

struct object {
	~object()
	{
		T; sum++;
	}
};

static void deep(int n)
{
	T; object held;
	T; if (C(0, n == 0)) {
		T; pthread_exit(NULL);
	}
	try {
		T; deep(n - 1);
		T; sum = 0;
	} catch (int) {
		T; sum = 0;
	} catch (...) {
		T; sum += 2;
		T; throw;
	}
	T; sum = 0;
}

static void waits()
{
	T; object held;
	T; sem_post(&ready);
	T; sem_wait(&never);
	T; sum = 0;
}

static void *ends(void *argument)
{
	T; deep(2);
	T; return argument;
}

static void *cancelled(void *argument)
{
	T; object held;
	try {
		T; waits();
		T; sum = 0;
	} catch (const int &) {
		T; return argument;
	}
	T; return argument;
}

int main()
{
	pthread_t thread;
	T; sem_init(&ready, 0, 0);
	T; sem_init(&never, 0, 0);
	T; pthread_create(&thread, NULL, ends, NULL);
	T; pthread_join(thread, NULL);
	T; pthread_create(&thread, NULL, cancelled, NULL);
	T; sem_wait(&ready);
	T; pthread_cancel(thread);
	T; pthread_join(thread, NULL);
	T; return sum == 0;
}
