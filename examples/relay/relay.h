/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * relay: hands lines of text to worker threads, which digest them. A bounded queue between one producer and
 * several workers, as in a thousand servers.
 */
#ifndef RELAY_H
#define RELAY_H

#include <pthread.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define QUEUE_LIMIT 64

struct job {
	uint64_t number;
	char *text;
	size_t length;
};

struct queue {
	pthread_mutex_t lock;
	pthread_cond_t not_empty, not_full;
	struct job jobs[QUEUE_LIMIT];
	size_t first, count;
	bool closed;
};

void queue_init(struct queue *queue);
/* Waits while the queue is full. The queue owns job's text from then on. */
void queue_put(struct queue *queue, struct job job);
/* Waits while the queue is empty. False when it is closed and nothing is left. The caller owns the text. */
bool queue_take(struct queue *queue, struct job *job);
void queue_close(struct queue *queue);

/* What the workers found, together. */
struct totals {
	pthread_mutex_t lock;
	uint64_t lines, bytes, digest;
	uint64_t longest;
};

void totals_init(struct totals *totals);
void totals_add(struct totals *totals, const struct job *job);

#endif
