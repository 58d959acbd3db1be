/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * race_naive.h: happens-before by the book, to compare the runtime with. Every access to every byte is kept,
 * with the full vector clock rule and no tricks; nothing is shared with the runtime.
 *
 * An access by thread t at time c is before the present of thread u when u's clock for t is at least c. Time
 * goes on at every release.
 */
#ifndef RACE_NAIVE_H
#define RACE_NAIVE_H

#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#ifndef NAIVE_BYTES
#define NAIVE_BYTES 64
#endif
enum { NAIVE_THREADS = 48 };

struct naive_clock {
	uint32_t at[NAIVE_THREADS];
};

struct naive_past {
	uint8_t thread, write, atomic, place;
	uint32_t time;
};

struct naive_byte {
	struct naive_past *past;
	int count, capacity;
	bool racy;                       /* since its memory began */
	struct naive_clock release;      /* of the atomic value in it */
	struct naive_clock sync, shared; /* of a mutex that begins here */
};

static struct naive_byte naive_bytes[NAIVE_BYTES];
static struct naive_clock naive_now[NAIVE_THREADS], naive_fence[NAIVE_THREADS], naive_pending[NAIVE_THREADS];

static void naive_join(struct naive_clock *into, const struct naive_clock *from)
{
	for (int i = 0; i < NAIVE_THREADS; i++)
		if (into->at[i] < from->at[i])
			into->at[i] = from->at[i];
}

static void naive_tick(int thread)
{
	naive_now[thread].at[thread]++;
}

static bool naive_races_with(int thread, const struct naive_past *past, bool write, bool atomic)
{
	if (!write && !past->write)
		return false;
	if (atomic && past->atomic)
		return false;
	return naive_now[thread].at[past->thread] < past->time;
}

static bool naive_would_race(int thread, int byte, bool write, bool atomic)
{
	for (int i = 0; i < naive_bytes[byte].count; i++)
		if (naive_races_with(thread, &naive_bytes[byte].past[i], write, atomic))
			return true;
	return false;
}

static void naive_access(int thread, int byte, bool write, bool atomic, uint8_t place)
{
	struct naive_byte *b = &naive_bytes[byte];
	struct naive_past past = {(uint8_t)thread, write, atomic, place, naive_now[thread].at[thread]};

	if (naive_would_race(thread, byte, write, atomic))
		b->racy = true;
	for (int i = 0; i < b->count; i++)
		if (!memcmp(&b->past[i], &past, sizeof(past)))
			return;
	if (b->count == b->capacity) {
		b->capacity = b->capacity ? 2 * b->capacity : 16;
		b->past = realloc(b->past, (size_t)b->capacity * sizeof(past));
	}
	b->past[b->count++] = past;
}

static void naive_reset_byte(int byte)
{
	struct naive_past *past = naive_bytes[byte].past;
	int capacity = naive_bytes[byte].capacity;

	naive_bytes[byte] = (struct naive_byte){.past = past, .capacity = capacity};
}

static void naive_reset(void)
{
	for (int i = 0; i < NAIVE_BYTES; i++)
		naive_reset_byte(i);
	memset(naive_now, 0, sizeof(naive_now));
	memset(naive_fence, 0, sizeof(naive_fence));
	memset(naive_pending, 0, sizeof(naive_pending));
	naive_now[0].at[0] = 1;
}

static void naive_fork(int parent, int child)
{
	naive_now[child] = naive_now[parent];
	naive_now[child].at[child] = 1;
	naive_tick(parent);
}

static bool naive_acquires(unsigned order)
{
	return order == 1 || order == 2 || order == 4 || order == 5;
}

static bool naive_releases(unsigned order)
{
	return order == 3 || order == 4 || order == 5;
}

/* The read half, before the access itself. */
static void naive_atomic_read(int thread, int byte, unsigned order)
{
	naive_join(naive_acquires(order) ? &naive_now[thread] : &naive_pending[thread],
		&naive_bytes[byte].release);
}

/* The write half, after it; the caller ticks when the order releases. */
static void naive_atomic_write(int thread, int byte, unsigned order, bool update)
{
	struct naive_clock *release = &naive_bytes[byte].release;

	if (!update)
		memset(release, 0, sizeof(*release));
	naive_join(release, naive_releases(order) ? &naive_now[thread] : &naive_fence[thread]);
}

static void naive_atomic_fence(int thread, unsigned order)
{
	if (naive_acquires(order))
		naive_join(&naive_now[thread], &naive_pending[thread]);
	if (naive_releases(order)) {
		naive_fence[thread] = naive_now[thread];
		naive_tick(thread);
	}
}

#endif
