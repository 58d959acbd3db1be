/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * thread_not_yet_joined.c: the program ends while a thread that ended is just being joined by another one,
 * which a signal keeps from it. That is no leak; without the join it is.
 *
 * finds: thread-leak main@born
 * options: -D_GNU_SOURCE
 */
#include "case.h"

#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <sys/syscall.h>
#include <unistd.h>

static atomic_int tid, joiner, ending, inside;
static pthread_t ended;

static void *nothing(void *argument)
{
	tid = (int)syscall(SYS_gettid);
	while (!ending)
		usleep(1000);
	return argument;
}

static void stay(int number)
{
	(void)number;
	inside = 1;
	for (;;)
		pause();
}

static void *join(void *argument)
{
	joiner = (int)syscall(SYS_gettid);
	if (RIGHT)
		pthread_join(ended, NULL);
	stay(0);
	return argument;
}

/* In pthread_join, that is: asleep in a futex until the thread's number has gone from it. */
static void wait_until_it_joins(void)
{
	char path[64], state[256];
	long call = -1, value = 0;

	while (!joiner || !tid)
		usleep(1000);
	snprintf(path, sizeof(path), "/proc/self/task/%d/syscall", joiner);
	while (call != SYS_futex || value != tid) {
		FILE *file = fopen(path, "r");

		usleep(1000);
		call = -1;
		if (file && fgets(state, sizeof(state), file))
			sscanf(state, "%ld %*x %*x %lx", &call, (unsigned long *)&value);
		if (file)
			fclose(file);
	}
}

int main(void)
{
	pthread_t other;

	signal(SIGUSR1, stay);
	if (pthread_create(&ended, NULL, nothing, NULL)) /* @born */
		return 1;
	other = start(join, NULL);
	if (RIGHT) {
		wait_until_it_joins();
		pthread_kill(other, SIGUSR1);
	}
	while (!inside)
		usleep(1000);
	ending = 1;
	while (!tid || !syscall(SYS_tgkill, getpid(), tid, 0))
		usleep(1000);
}
