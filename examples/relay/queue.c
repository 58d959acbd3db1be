/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * queue.c: the bounded queue of relay.h: one lock, two conditions.
 */
#include "relay.h"

void queue_init(struct queue *queue)
{
	*queue = (struct queue){0};
	pthread_mutex_init(&queue->lock, NULL);
	pthread_cond_init(&queue->not_empty, NULL);
	pthread_cond_init(&queue->not_full, NULL);
}

void queue_put(struct queue *queue, struct job job)
{
	pthread_mutex_lock(&queue->lock);
	while (queue->count == QUEUE_LIMIT)
		pthread_cond_wait(&queue->not_full, &queue->lock);
	queue->jobs[(queue->first + queue->count++) % QUEUE_LIMIT] = job;
	pthread_cond_signal(&queue->not_empty);
	pthread_mutex_unlock(&queue->lock);
}

bool queue_take(struct queue *queue, struct job *job)
{
	bool taken = false;

	pthread_mutex_lock(&queue->lock);
	while (!queue->count && !queue->closed)
		pthread_cond_wait(&queue->not_empty, &queue->lock);
	if (queue->count) {
		*job = queue->jobs[queue->first];
		queue->first = (queue->first + 1) % QUEUE_LIMIT;
		queue->count--;
		taken = true;
		pthread_cond_signal(&queue->not_full);
	}
	pthread_mutex_unlock(&queue->lock);
	return taken;
}

void queue_close(struct queue *queue)
{
	pthread_mutex_lock(&queue->lock);
	queue->closed = true;
	pthread_cond_broadcast(&queue->not_empty);
	pthread_mutex_unlock(&queue->lock);
}
