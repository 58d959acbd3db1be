/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * churn.c: what comes and goes N times, and a race (or none) behind it: churn WHAT N racy|ordered. Prints how
 * much memory the process has after a quarter of them, and in the end, in bytes.
 */
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "resident.h"
#include "turn.h"

static pthread_mutex_t outer = PTHREAD_MUTEX_INITIALIZER;
static long shared, last;

enum { CROWD = 2000 };
static pthread_t standing[CROWD];
static pthread_barrier_t all_there, all_go;

static void *count(void *unused)
{
	char *block = malloc(100);

	pthread_mutex_lock(&outer);
	shared++;
	pthread_mutex_unlock(&outer);
	memset(block, 1, 100);
	free(block);
	return unused;
}

static void *stand_about(void *unused)
{
	count(unused);
	pthread_barrier_wait(&all_there);
	pthread_barrier_wait(&all_go);
	return unused;
}

static void one_thread(void)
{
	pthread_t thread;

	if (pthread_create(&thread, NULL, count, NULL))
		abort();
	pthread_join(thread, NULL);
}

/* Two hundred at once, again and again. */
static void crowd(void)
{
	pthread_t threads[200];

	for (int i = 0; i < 200; i++)
		if (pthread_create(&threads[i], NULL, count, NULL))
			abort();
	for (int i = 0; i < 200; i++)
		pthread_join(threads[i], NULL);
}

/* Two thousand, all of them there until the last one is. */
static void stand(void)
{
	pthread_barrier_init(&all_there, NULL, CROWD + 1);
	pthread_barrier_init(&all_go, NULL, CROWD + 1);
	for (int i = 0; i < CROWD; i++)
		if (pthread_create(&standing[i], NULL, stand_about, NULL))
			abort();
	pthread_barrier_wait(&all_there);
}

static void leave(void)
{
	pthread_barrier_wait(&all_go);
	for (int i = 0; i < CROWD; i++)
		pthread_join(standing[i], NULL);
	pthread_barrier_destroy(&all_there);
	pthread_barrier_destroy(&all_go);
}

static void gathering(void)
{
	stand();
	leave();
}

static void one_block(void)
{
	static size_t size;
	char *block;

	size = (size * 7 + 13) % 100000;
	block = malloc(size + 1);
	memset(block, 1, size + 1);
	free(block);
}

/* Taken below another, so that there is an order of each. */
static void one_lock(void)
{
	pthread_mutex_t *lock = malloc(sizeof(*lock));

	pthread_mutex_init(lock, NULL);
	pthread_mutex_lock(&outer);
	pthread_mutex_lock(lock);
	shared++;
	pthread_mutex_unlock(lock);
	pthread_mutex_unlock(&outer);
	pthread_mutex_destroy(lock);
	free(lock);
}

static void *second(void *racy)
{
	turn_wait(1);
	if (!racy)
		pthread_mutex_lock(&outer);
	last++;
	if (!racy)
		pthread_mutex_unlock(&outer);
	return NULL;
}

static void race(int racy)
{
	pthread_t thread;

	pthread_create(&thread, NULL, second, racy ? &last : NULL);
	pthread_mutex_lock(&outer);
	last++;
	pthread_mutex_unlock(&outer);
	turn_give(1);
	pthread_join(thread, NULL);
}

int main(int argc, char **argv)
{
	static const struct {
		const char *name;
		void (*once)(void);
	} kinds[] = {{"threads", one_thread}, {"crowds", crowd}, {"gatherings", gathering},
		{"blocks", one_block}, {"locks", one_lock}};
	long times = argc == 4 ? atol(argv[2]) : 0;

	turn_begin();
	one_thread();
	for (size_t k = 0; k < sizeof(kinds) / sizeof(kinds[0]); k++)
		for (long i = 1; !strcmp(kinds[k].name, argv[1]) && i <= times; i++) {
			kinds[k].once();
			if (i == times / 4 || i == times)
				printf("%ld\n", resident());
		}
	if (strcmp(argv[1], "gatherings")) {
		race(!strcmp(argv[3], "racy"));
	} else {
		stand(); /* its threads have the highest slots, and all the others' */
		race(!strcmp(argv[3], "racy"));
		leave();
	}
	return 0;
}
