/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 * Threads in one hot function; some leave by pthread_exit, one is still inside a call when main ends. */
#include "log.h"

#include <pthread.h>
#include <stdlib.h>
#include <unistd.h>

static pthread_barrier_t together;
static pthread_mutex_t mine = PTHREAD_MUTEX_INITIALIZER, held = PTHREAD_MUTEX_INITIALIZER;
static int pipe_of[2]; /* a byte: the thread that stays is as far as it gets */

static int hot(int x)
{
	T; x = x * 5 + 1;
	T; if (C(0, x & 4)) {
		T; x++;
	}
	T; return x;
}

static void *work(void *argument)
{
	T; int x = (int)(intptr_t)argument;
	T; pthread_barrier_wait(&together);
	for (int n = 0; C(1, n < 50000); n++) {
		T; x = hot(x);
	}
	T; if (C(2, argument == (void *)1)) {
		T; pthread_exit(0);
	}
	T; return 0;
}

static void *stay(void *argument)
{
	T; pthread_barrier_wait(&together);
	T; pthread_mutex_lock(&mine);
	T; (void)!write(pipe_of[1], "", 1); pthread_mutex_lock(&held);
	T; return argument;
}

int main(void)
{
	T; pthread_t threads[4], stuck;
	T; char byte;
	T; (void)!pipe(pipe_of);
	T; pthread_barrier_init(&together, 0, 5);
	T; pthread_mutex_lock(&held);
	T; pthread_create(&stuck, 0, stay, 0);
	for (intptr_t n = 0; C(3, n < 4); n++) {
		T; pthread_create(&threads[n], 0, work, (void *)n);
	}
	for (int n = 0; C(4, n < 4); n++) {
		T; pthread_join(threads[n], 0);
	}
	T; (void)!read(pipe_of[0], &byte, 1);
	T; _exit(0);
}
