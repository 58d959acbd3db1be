/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * detached_thread_joined.c: a thread is joined that was detached.
 *
 * finds: thread-bad-join main@joined
 */
#include "case.h"

#include <semaphore.h>

static sem_t go;

static void *waits(void *argument)
{
	sem_wait(&go);
	return argument;
}

int main(void)
{
	sem_init(&go, 0, 0);
	pthread_t other = start(waits, NULL);
	if (RIGHT)
		sem_post(&go);
	else
		pthread_detach(other);
	pthread_join(other, NULL); /* @joined */
	if (!RIGHT)
		sem_post(&go);
}
