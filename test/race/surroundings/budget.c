/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * budget.c: two threads that nothing orders. Each begins a new epoch in every round, which makes recording
 * dear, and writes to one of a few places, its own or everybody's.
 */
#include <pthread.h>

#define PLACES 4
#define ROUNDS 2000000
#define MANY   64

static pthread_mutex_t locks[2][2] = {{PTHREAD_MUTEX_INITIALIZER, PTHREAD_MUTEX_INITIALIZER},
	{PTHREAD_MUTEX_INITIALIZER, PTHREAD_MUTEX_INITIALIZER}};
static long tables[2][MANY];
static int places[2][PLACES];

static void *worker(void *arg)
{
	long me = (long)arg;
	int *own = places[ORDERED ? me : 0];

	for (int round = 0; round < ROUNDS; round++) {
		pthread_mutex_t *lock = &locks[me][round & 1];

		pthread_mutex_lock(lock);
		for (int i = 0; i < MANY; i++)
			tables[me][(i * 7 + round) % MANY] += tables[me][i * 5 % MANY];
		pthread_mutex_unlock(lock);
		own[round % PLACES]++;
	}
	return NULL;
}

int main(void)
{
	pthread_t threads[2];

	for (long i = 0; i < 2; i++)
		pthread_create(&threads[i], NULL, worker, (void *)i);
	for (int i = 0; i < 2; i++)
		pthread_join(threads[i], NULL);
	return 0;
}
