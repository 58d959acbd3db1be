/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * tally.c: a log to a tally, on several threads. Threads share the work list and the total, each under its
 * lock; everything else is a thread's own. */
#include "tally.h"

#include <errno.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define MAX_THREADS 64
#define STRETCH     ((size_t)64 * 1024)

/* What the threads share. */
struct work {
	pthread_mutex_t lock;
	const char *next, *end; /* what nobody has taken yet; under the lock */
	struct tally *total;    /* under the lock */
	bool failed;            /* under the lock */
};

static unsigned size_class(uint64_t bytes)
{
	unsigned digits = 0;

	while (bytes > 0 && digits < TALLY_SIZE_CLASSES - 1) {
		bytes >>= 1;
		digits++;
	}
	return digits;
}

bool tally_line(struct tally *tally, struct span line)
{
	struct record record;
	enum parse_result result = parse_line(line, &record);

	if (result == PARSE_EMPTY)
		return true;
	tally->lines++;
	if (result != PARSE_OK) {
		tally->rejected++;
		return true;
	}
	tally->bytes += record.bytes;
	tally->by_size[size_class(record.bytes)]++;
	if (record.status >= 100 && record.status <= 599)
		tally->by_status[record.status / 100]++;
	else
		tally->by_status[0]++;
	return table_add(&tally->paths, record.path, 1) && table_add(&tally->hosts, record.host, 1);
}

bool tally_merge(struct tally *into, const struct tally *from)
{
	into->lines += from->lines;
	into->rejected += from->rejected;
	into->bytes += from->bytes;
	for (size_t i = 0; i < sizeof(from->by_status) / sizeof(*from->by_status); i++)
		into->by_status[i] += from->by_status[i];
	for (size_t i = 0; i < TALLY_SIZE_CLASSES; i++)
		into->by_size[i] += from->by_size[i];
	return table_merge(&into->paths, &from->paths) && table_merge(&into->hosts, &from->hosts);
}

/* The next stretch of whole lines, or nothing when all is taken. */
static struct span take_stretch(struct work *work)
{
	struct span stretch = {work->next, (size_t)(work->end - work->next)};

	if (stretch.length > STRETCH) {
		const char *line_end = memchr(stretch.text + STRETCH, '\n', stretch.length - STRETCH);

		if (line_end)
			stretch.length = (size_t)(line_end + 1 - stretch.text);
	}
	work->next += stretch.length;
	return stretch;
}

static bool tally_stretch(struct tally *tally, struct span stretch)
{
	while (stretch.length > 0) {
		const char *line_end = memchr(stretch.text, '\n', stretch.length);
		size_t length = line_end ? (size_t)(line_end - stretch.text) : stretch.length;

		if (!tally_line(tally, (struct span){stretch.text, length}))
			return false;
		stretch.length -= length + (line_end != NULL);
		stretch.text += length + (line_end != NULL);
	}
	return true;
}

static void *worker(void *argument)
{
	struct work *work = argument;
	struct tally mine = {0};
	bool fine = true;

	while (fine) {
		struct span stretch;

		pthread_mutex_lock(&work->lock);
		stretch = take_stretch(work);
		pthread_mutex_unlock(&work->lock);
		if (stretch.length == 0)
			break;
		fine = tally_stretch(&mine, stretch);
	}
	pthread_mutex_lock(&work->lock);
	if (!fine || !tally_merge(work->total, &mine))
		work->failed = true;
	pthread_mutex_unlock(&work->lock);
	tally_free(&mine);
	return NULL;
}

bool tally_text(struct tally *tally, const char *text, size_t length, unsigned threads)
{
	struct work work = {.next = text, .end = text + length, .total = tally};
	pthread_t started[MAX_THREADS];
	unsigned count = 0;

	if (threads < 1 || threads > MAX_THREADS)
		return false;
	pthread_mutex_init(&work.lock, NULL);
	while (count < threads && pthread_create(&started[count], NULL, worker, &work) == 0)
		count++;
	for (unsigned i = 0; i < count; i++)
		pthread_join(started[i], NULL);
	pthread_mutex_destroy(&work.lock);
	return count > 0 && !work.failed;
}

static char *read_all(FILE *file, size_t *length)
{
	size_t capacity = 0;
	char *text = NULL;

	*length = 0;
	do {
		if (*length == capacity) {
			char *larger = realloc(text, capacity = capacity ? 2 * capacity : 65536);

			if (!larger) {
				free(text);
				return NULL;
			}
			text = larger;
		}
		*length += fread(text + *length, 1, capacity - *length, file);
	} while (!feof(file) && !ferror(file));
	return text;
}

bool tally_file(struct tally *tally, const char *path, unsigned threads)
{
	FILE *file = fopen(path, "r");
	char *text;
	size_t length;
	bool fine;

	if (!file)
		return false;
	text = read_all(file, &length);
	fine = text && !ferror(file) && tally_text(tally, text, length, threads);
	free(text);
	fclose(file);
	return fine;
}

void tally_free(struct tally *tally)
{
	table_free(&tally->paths);
	table_free(&tally->hosts);
}
