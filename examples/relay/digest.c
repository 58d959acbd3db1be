/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * digest.c: what is computed of each line, and the sums.
 *
 * The bug: somebody in a hurry looked at `longest` before taking the lock, to save the lock for lines that
 * are not longer. The tests pass; now and then the answer is wrong.
 */
#include "relay.h"

static uint64_t digest(const char *text, size_t length)
{
	uint64_t hash = 14695981039346656037u; /* FNV-1a */

	for (size_t i = 0; i < length; i++)
		hash = (hash ^ (unsigned char)text[i]) * 1099511628211u;
	return hash;
}

void totals_init(struct totals *totals)
{
	*totals = (struct totals){0};
	pthread_mutex_init(&totals->lock, NULL);
}

#ifndef RELAY_FIXED
static void note_longest(struct totals *totals, const struct job *job)
{
	if (job->length > totals->longest)
		totals->longest = job->length;
}
#endif

void totals_add(struct totals *totals, const struct job *job)
{
	uint64_t hash = digest(job->text, job->length);

#ifndef RELAY_FIXED
	note_longest(totals, job);
#endif
	pthread_mutex_lock(&totals->lock);
	totals->lines++;
	totals->bytes += job->length;
	totals->digest ^= hash;
#ifdef RELAY_FIXED
	if (job->length > totals->longest)
		totals->longest = job->length;
#endif
	pthread_mutex_unlock(&totals->lock);
}
