/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * main.c: relay [LINES [WORKERS]]: makes lines, has them digested, prints the totals.
 */
#include "relay.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct worker {
	pthread_t thread;
	struct queue *queue;
	struct totals *totals;
	pthread_barrier_t *start;
};

/* The team starts when each has its first line, so that all of them have something to do. */
static void *work(void *argument)
{
	struct worker *worker = argument;
	struct job job;
	bool more = queue_take(worker->queue, &job);

	pthread_barrier_wait(worker->start);
	for (; more; more = queue_take(worker->queue, &job)) {
		totals_add(worker->totals, &job);
		free(job.text);
	}
	return NULL;
}

/* The lines grow longer and longer, as log files do. */
static struct job make_job(uint64_t number)
{
	char text[128];
	int dashes = (int)(number / 16 % 64);
	int length = snprintf(text, sizeof(text), "line %" PRIu64 " %.*s", number, dashes,
		"----------------------------------------------------------------");

	return (struct job){number, strdup(text), (size_t)length};
}

int main(int argc, char **argv)
{
	uint64_t lines = argc > 1 ? strtoull(argv[1], NULL, 10) : 1000;
	size_t workers = argc > 2 ? strtoull(argv[2], NULL, 10) : 4;
	struct worker *team = calloc(workers, sizeof(*team));
	pthread_barrier_t start;
	struct queue queue;
	struct totals totals;

	pthread_barrier_init(&start, NULL, (unsigned)workers);
	queue_init(&queue);
	totals_init(&totals);
	for (size_t i = 0; i < workers; i++) {
		team[i] = (struct worker){.queue = &queue, .totals = &totals, .start = &start};
		pthread_create(&team[i].thread, NULL, work, &team[i]);
	}
	for (uint64_t i = 0; i < lines; i++)
		queue_put(&queue, make_job(i));
	queue_close(&queue);
	for (size_t i = 0; i < workers; i++)
		pthread_join(team[i].thread, NULL);
	printf("%" PRIu64 " lines, %" PRIu64 " bytes, longest %" PRIu64 ", digest %016" PRIx64 "\n",
		totals.lines, totals.bytes, totals.longest, totals.digest);
	free(team);
	return 0;
}
