/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception */
/* Children are made while threads hold locks and allocate; each child starts threads of its own. */
#include <sys/wait.h>
#include <unistd.h>

#include "correct.h"

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static long counter;
static _Atomic int stop;

static void before(void)
{
	pthread_mutex_lock(&lock);
}

static void after(void)
{
	pthread_mutex_unlock(&lock);
}

static void *count(void *argument)
{
	for (int n = 0; argument ? n < 50 : !stop; n++) {
		int *block = malloc(64);
		*block = n;
		pthread_mutex_lock(&lock);
		counter++;
		pthread_mutex_unlock(&lock);
		free(block);
	}
	return NULL;
}

static int child(void)
{
	long old = counter;
	pthread_t threads[2];
	for (int n = 0; n < 2; n++)
		if (pthread_create(&threads[n], NULL, count, &lock) != 0)
			return 1;
	for (int n = 0; n < 2; n++)
		pthread_join(threads[n], NULL);
	return counter == old + 100 ? 0 : 2;
}

int main(void)
{
	pthread_t threads[2];
	pthread_atfork(before, after, after);
	for (int n = 0; n < 2; n++)
		pthread_create(&threads[n], NULL, count, NULL);
	for (int n = 0; n < 5; n++) {
		pid_t pid = fork();
		REQUIRE(pid >= 0);
		if (pid == 0)
			_exit(child());
		int status;
		REQUIRE(waitpid(pid, &status, 0) == pid);
		REQUIRE(WIFEXITED(status) && WEXITSTATUS(status) == 0);
	}
	stop = 1;
	for (int n = 0; n < 2; n++)
		pthread_join(threads[n], NULL);
	REQUIRE(counter > 0);
	return 0;
}
