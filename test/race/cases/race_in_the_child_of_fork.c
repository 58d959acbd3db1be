/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * race_in_the_child_of_fork.c: the child of a program with threads starts threads of its own, which race;
 * what the parent's threads did before the fork is ordered.
 *
 * race: write @one one child_one / write @two two child_two
 */
#include "case.h"

#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

SHARED int shared, before;
static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;

NOINLINE static void one(void)
{
	shared = 1; /* @one */
	STAY();
}

NOINLINE static void two(void)
{
	shared = 2; /* @two */
	STAY();
}

static void *child_one(void *argument)
{
	pthread_mutex_lock(&mutex);
	one();
	pthread_mutex_unlock(&mutex);
	make_step();
	return argument;
}

static void *child_two(void *argument)
{
	await_step(2);
	if (RIGHT)
		pthread_mutex_lock(&mutex);
	two();
	if (RIGHT)
		pthread_mutex_unlock(&mutex);
	return argument;
}

static void *idle(void *argument)
{
	before = 1;
	make_step();
	await_step(1000);
	return argument;
}

int main(void)
{
	start(idle, NULL);
	await_step(1);
	pid_t pid = fork();
	if (pid == 0) {
		before = 2;
		pthread_t a = start(child_one, NULL), b = start(child_two, NULL);
		finish(a);
		finish(b);
		exit(0);
	}
	int status;
	waitpid(pid, &status, 0);
	_exit(WEXITSTATUS(status));
}
