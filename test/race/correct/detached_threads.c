/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception */
/* Detached threads say that they are done through a counter under a lock; nobody joins them. */
#include "correct.h"

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t done = PTHREAD_COND_INITIALIZER;
static int running;

struct job {
	int input;
	long *result;
};

static void *work(void *argument)
{
	struct job *job = argument;
	long factorial = 1;
	for (int n = 2; n <= job->input; n++)
		factorial *= n;
	*job->result = factorial;
	free(job);
	pthread_mutex_lock(&lock);
	if (--running == 0)
		pthread_cond_signal(&done);
	pthread_mutex_unlock(&lock);
	return NULL;
}

int main(void)
{
	long results[20];
	pthread_attr_t attributes;
	pthread_attr_init(&attributes);
	pthread_attr_setdetachstate(&attributes, PTHREAD_CREATE_DETACHED);
	for (int round = 0; round < 5; round++) {
		running = 20;
		for (int n = 0; n < 20; n++) {
			struct job *job = malloc(sizeof(*job));
			*job = (struct job){n, &results[n]};
			pthread_t thread;
			REQUIRE(pthread_create(&thread, n % 2 ? &attributes : NULL, work, job) == 0);
			if (n % 2 == 0)
				pthread_detach(thread);
		}
		pthread_mutex_lock(&lock);
		while (running > 0)
			pthread_cond_wait(&done, &lock);
		pthread_mutex_unlock(&lock);
		REQUIRE(results[5] == 120 && results[10] == 3628800);
	}
	pthread_attr_destroy(&attributes);
	return 0;
}
