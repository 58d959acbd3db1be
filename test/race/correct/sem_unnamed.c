/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception */
/* Semaphores in memory: a ring between a producer and a consumer, by wait, trywait and timedwait. */
#define _GNU_SOURCE
#include <sched.h>
#include <semaphore.h>
#include <time.h>

#include "correct.h"

enum { COUNT = 1000, SLOTS = 4 };

static sem_t full, empty;
static struct {
	int number;
	char *text;
} ring[SLOTS];

static void take(sem_t *semaphore, int way)
{
	struct timespec when;
	clock_gettime(CLOCK_REALTIME, &when);
	when.tv_sec += 100;
	if (way % 3 == 0) {
		REQUIRE(sem_wait(semaphore) == 0);
	} else if (way % 3 == 1) {
		REQUIRE(sem_timedwait(semaphore, &when) == 0);
	} else {
		while (sem_trywait(semaphore) != 0)
			sched_yield();
	}
}

static void *work(void *argument)
{
	for (int n = 0; n < COUNT; n++) {
		take(argument ? &empty : &full, n);
		if (argument) {
			ring[n % SLOTS].number = n;
			asprintf(&ring[n % SLOTS].text, "item %d", n) < 0 ? abort() : (void)0;
		} else {
			int got;
			REQUIRE(sscanf(ring[n % SLOTS].text, "item %d", &got) == 1);
			REQUIRE(got == n && ring[n % SLOTS].number == n);
			free(ring[n % SLOTS].text);
		}
		sem_post(argument ? &full : &empty);
	}
	return NULL;
}

int main(void)
{
	sem_init(&full, 0, 0);
	sem_init(&empty, 0, SLOTS);
	in_threads(2, work);
	sem_destroy(&full);
	sem_destroy(&empty);
	return 0;
}
