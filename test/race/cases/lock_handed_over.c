/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * lock_handed_over.c: a semaphore as a lock: taken in one thread, given back in another, taken in a third.
 * When one too many is given back, two are in it.
 *
 * race: write @second second finisher / write @third third last
 */
#include "case.h"

#include <semaphore.h>

SHARED int shared;
static sem_t lock, handed;

NOINLINE static void second(void)
{
	shared++; /* @second */
	STAY();
}

NOINLINE static void third(void)
{
	shared++; /* @third */
	STAY();
}

static void *finisher(void *argument)
{
	sem_wait(&handed);
	if (RIGHT) {
		second();
		sem_post(&lock);
	} else {
		sem_post(&lock);
		second();
	}
	make_step();
	return argument;
}

static void *last(void *argument)
{
	await_step(1);
	sem_wait(&lock);
	third();
	sem_post(&lock);
	return argument;
}

int main(void)
{
	sem_init(&lock, 0, 1);
	sem_init(&handed, 0, 0);
	pthread_t one = start(finisher, NULL), two = start(last, NULL);
	sem_wait(&lock);
	shared++;
	sem_post(&handed);
	finish(one);
	finish(two);
}
