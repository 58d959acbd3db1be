/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * semaphore_destroyed_with_waiter.c: a semaphore is destroyed that a thread waits at.
 *
 * finds: semaphore-in-use main@gone waiter@waits
 */
#include "case.h"

#include <semaphore.h>
#include <unistd.h>

static sem_t semaphore;

static void *waiter(void *argument)
{
	sem_wait(&semaphore); /* @waits */
	return argument;
}

int main(void)
{
	sem_init(&semaphore, 0, 0);
	pthread_t other = start(waiter, NULL);
	if (RIGHT) {
		sem_post(&semaphore);
		finish(other);
	} else {
		while (((volatile unsigned *)&semaphore)[1] != 1) /* how many wait, in glibc */
			usleep(1000);
	}
	sem_destroy(&semaphore); /* @gone */
	_exit(0);
}
