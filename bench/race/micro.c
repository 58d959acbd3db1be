/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * micro.c: one thing at a time, on two threads (or MICRO_THREADS):  micro NAME [SIZE]; "/20" is a twentieth
 * of the usual. Prints a number that depends on all that was done and on nothing else. None of it races.
 */
#define _GNU_SOURCE
#include <pthread.h>
#include <search.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#ifndef MICRO_THREADS
#define MICRO_THREADS 2
#endif
enum { THREADS = MICRO_THREADS };

static long size;
static uint64_t results[THREADS];
static pthread_barrier_t together;

/* The same every time: which numbers does not matter. */
static uint32_t next_random(uint32_t *state)
{
	return *state = *state * 1664525 + 1013904223;
}

static uint64_t stream(int me)
{
	enum { LENGTH = 1 << 16 };
	double *a = calloc(LENGTH, sizeof(*a)), *b = calloc(LENGTH, sizeof(*b)), sum = 0;
	for (int n = 0; n < LENGTH; n++)
		b[n] = n + me;
	for (long round = 0; round < size; round++)
		for (int n = 0; n < LENGTH; n++)
			a[n] = b[n] + 0.5 * a[n];
	for (int n = 0; n < LENGTH; n++)
		sum += a[n];
	free(a);
	free(b);
	return (uint64_t)sum;
}

static uint64_t chase(int me)
{
	enum { LENGTH = 1 << 16 };
	uint32_t *next = malloc(LENGTH * sizeof(*next)), random = 1, at = (uint32_t)me;
	for (uint32_t n = 0; n < LENGTH; n++)
		next[n] = n;
	for (uint32_t n = LENGTH - 1; n > 0; n--) {
		uint32_t other = next_random(&random) % n, keep = next[n];
		next[n] = next[other];
		next[other] = keep;
	}
	for (long step = 0; step < size; step++)
		at = next[at];
	free(next);
	return at;
}

enum { N = 192 };
static double left[N][N], right[N][N], product[N][N];

/* Both threads read both tables. */
static uint64_t matrix(int me)
{
	double sum = 0;
	for (long round = 0; round < size; round++) {
		for (int i = me; i < N; i += THREADS) {
			for (int j = 0; j < N; j++) {
				double cell = 0;
				for (int k = 0; k < N; k++)
					cell += left[i][k] * right[k][j];
				product[i][j] = cell;
			}
		}
	}
	for (int i = me; i < N; i += THREADS)
		for (int j = 0; j < N; j++)
			sum += product[i][j];
	return (uint64_t)sum;
}

static uint64_t sort(int me)
{
	enum { LENGTH = 50000 };
	uint32_t *numbers = malloc(LENGTH * sizeof(*numbers)), random = (uint32_t)me;
	uint64_t sum = 0;
	for (long round = 0; round < size; round++) {
		for (int n = 0; n < LENGTH; n++)
			numbers[n] = next_random(&random);
		for (int gap = LENGTH / 2; gap > 0; gap = gap == 2 ? 1 : gap * 5 / 11) {
			for (int n = gap; n < LENGTH; n++) {
				uint32_t moved = numbers[n];
				int at = n;
				for (; at >= gap && numbers[at - gap] > moved; at -= gap)
					numbers[at] = numbers[at - gap];
				numbers[at] = moved;
			}
		}
		sum = sum * 31 + numbers[LENGTH / 2];
	}
	free(numbers);
	return sum;
}

static __attribute__((noinline)) uint64_t fibonacci(int n)
{
	return n < 2 ? (uint64_t)n : fibonacci(n - 1) + fibonacci(n - 2);
}

static uint64_t recursion(int me)
{
	return fibonacci((int)size + me);
}

static struct guarded {
	pthread_mutex_t lock;
	uint64_t value;
	char apart[128];
} own[THREADS], common;

static uint64_t add_under(struct guarded *where)
{
	for (long n = 0; n < size; n++) {
		pthread_mutex_lock(&where->lock);
		where->value += (uint64_t)n;
		pthread_mutex_unlock(&where->lock);
	}
	return 0;
}

static uint64_t lock_alone(int me)
{
	add_under(&own[me]);
	return own[me].value;
}

static uint64_t lock_contended(int me)
{
	add_under(&common);
	pthread_barrier_wait(&together);
	return me ? common.value : 0;
}

static pthread_rwlock_t reading = PTHREAD_RWLOCK_INITIALIZER;

static uint64_t rwlock_readers(int me)
{
	uint64_t sum = (uint64_t)me;
	for (long n = 0; n < size; n++) {
		pthread_rwlock_rdlock(&reading);
		sum += (uint64_t)left[n % N][0];
		pthread_rwlock_unlock(&reading);
	}
	return sum;
}

static _Atomic uint64_t counter;

static uint64_t atomic_counter(int me)
{
	for (long n = 0; n < size; n++)
		atomic_fetch_add_explicit(&counter, 1, memory_order_relaxed);
	pthread_barrier_wait(&together);
	return me ? counter : 0;
}

static uint64_t acquire_loads(int me)
{
	uint64_t sum = (uint64_t)me;
	for (long n = 0; n < size; n++)
		sum += atomic_load_explicit(&counter, memory_order_acquire) + 1;
	return sum;
}

static struct {
	_Atomic uint64_t said;
	uint64_t words[16]; /* a cell each */
	char apart[64];
} told[THREADS];

#define ONE_BY_ONE() __asm__ volatile("" : : : "memory")

/* Each release begins an epoch, in which each word is written, or read, for the first time. */
static uint64_t release_stores(int me)
{
	for (long n = 0; n < size; n++) {
		told[me].words[0] = (uint64_t)n;
		atomic_store_explicit(&told[me].said, (uint64_t)n, memory_order_release);
	}
	return told[me].words[0];
}

static uint64_t first_writes(int me)
{
	for (long n = 0; n < size; n++) {
#pragma clang loop unroll(full)
		for (int word = 0; word < 9; word++) {
			told[me].words[word] = (uint64_t)n;
			ONE_BY_ONE();
		}
		atomic_store_explicit(&told[me].said, (uint64_t)n, memory_order_release);
	}
	return told[me].words[0];
}

static uint64_t first_reads(int me)
{
	uint64_t sum = (uint64_t)me;
	for (long n = 0; n < size; n++) {
		told[me].words[0] = (uint64_t)n;
#pragma clang loop unroll(full)
		for (int word = 0; word < 8; word++) {
			sum += (uint64_t)left[word][0];
			ONE_BY_ONE();
		}
		atomic_store_explicit(&told[me].said, (uint64_t)n, memory_order_release);
	}
	return sum;
}

static uint64_t barriers(int me)
{
	for (long n = 0; n < size; n++)
		pthread_barrier_wait(&together);
	return (uint64_t)me;
}

static pthread_cond_t turned = PTHREAD_COND_INITIALIZER;
static long turn;

/* By turns: a step is a wait and a signal. */
static uint64_t conditions(int me)
{
	for (long n = 0; n < size; n++) {
		pthread_mutex_lock(&common.lock);
		while (turn % THREADS != me)
			pthread_cond_wait(&turned, &common.lock);
		turn++;
		pthread_cond_broadcast(&turned);
		pthread_mutex_unlock(&common.lock);
	}
	return 0;
}

static uint64_t rwlock_writer(int me)
{
	static pthread_rwlock_t writing[THREADS]; /* zeros are one that is free */
	for (long n = 0; n < size; n++) {
		pthread_rwlock_wrlock(&writing[me]);
		own[me].value += (uint64_t)n;
		pthread_rwlock_unlock(&writing[me]);
	}
	return own[me].value;
}

static __attribute__((noinline)) uint64_t next_of(uint64_t *word)
{
	ONE_BY_ONE();
	return *word += 1;
}

static void count_on(const void *node, VISIT when, void *word)
{
	if (when == preorder && next_of(word) == 0)
		printf("%p\n", node);
}

/* Its caller is another one at each depth. */
static __attribute__((noinline)) void visit_at(int me, const void *tree, int depth)
{
	if (depth)
		visit_at(me, tree, depth - 1);
	atomic_store_explicit(&told[me].said, (uint64_t)depth, memory_order_release);
	twalk_r(tree, count_on, &told[me].words[0]);
	ONE_BY_ONE();
}

static int by_place(const void *one, const void *other)
{
	return one < other ? -1 : one > other;
}

/* A step is a call of the C library, which calls back in a new epoch, by one of sixteen callers in turn. */
static uint64_t calls_back(int me)
{
	void *tree = NULL; /* of two: by a leaf the library jumps */
	tsearch(&told[me], &tree, by_place);
	tsearch(&own[me], &tree, by_place);
	for (long n = 0; n < size; n += 16)
		visit_at(me, tree, 15);
	tdelete(&told[me], &tree, by_place);
	tdelete(&own[me], &tree, by_place);
	return told[me].words[0];
}

static void *nothing(void *argument)
{
	*(uint64_t *)argument += 1;
	return NULL;
}

static uint64_t thread_churn(int me)
{
	uint64_t births = (uint64_t)me;
	for (long n = 0; n < size; n++) {
		pthread_t thread;
		if (pthread_create(&thread, NULL, nothing, &births) != 0)
			abort();
		pthread_join(thread, NULL);
	}
	return births;
}

static uint64_t malloc_storm(int me)
{
	void *held[64] = {0};
	uint32_t random = (uint32_t)me;
	uint64_t sum = 0;
	for (long n = 0; n < size; n++) {
		uint32_t at = next_random(&random) >> 16;
		free(held[at % 64]);
		size_t bytes = 16 + at % 240;
		unsigned char *made = held[at % 64] = malloc(bytes);
		made[0] = (unsigned char)n;
		sum += made[0];
	}
	for (int n = 0; n < 64; n++)
		free(held[n]);
	return sum;
}

static uint64_t copying(int me)
{
	enum { LENGTH = 1 << 16 };
	char *from = malloc(LENGTH), *to = malloc(LENGTH);
	memset(from, me + 1, LENGTH);
	memset(to, 0, LENGTH);
	for (long n = 0; n < size; n++) {
		memcpy(to, from, LENGTH - (size_t)(n % 64));
		from[n % LENGTH]++;
	}
	uint64_t sum = 0;
	for (int n = 0; n < LENGTH; n++)
		sum += (unsigned char)to[n];
	free(from);
	free(to);
	return sum;
}

static uint32_t table[4096];

static uint64_t shared_table(int me)
{
	uint32_t crc = (uint32_t)me;
	for (long n = 0; n < size; n++)
		crc = table[(crc ^ (uint32_t)n) % 4096] ^ crc >> 5;
	return crc;
}

static const struct way {
	const char *name;
	uint64_t (*run)(int me);
	long size; /* about half a second of each thread */
} ways[] = {
	{"stream", stream, 8000},
	{"chase", chase, 100000000},
	{"matrix", matrix, 40},
	{"sort", sort, 40},
	{"recursion", recursion, 39},
	{"lock alone", lock_alone, 25000000},
	{"lock contended", lock_contended, 300000},
	{"rwlock readers", rwlock_readers, 6000000},
	{"atomic counter", atomic_counter, 20000000},
	{"acquire loads", acquire_loads, 400000000},
	{"thread churn", thread_churn, 15000},
	{"malloc storm", malloc_storm, 20000000},
	{"memcpy", copying, 150000},
	{"shared table", shared_table, 150000000},
	{"release stores", release_stores, 20000000},
	{"first writes", first_writes, 5000000},
	{"first reads", first_reads, 5000000},
	{"rwlock writer", rwlock_writer, 10000000},
	{"barriers", barriers, 100000},
	{"conditions", conditions, 100000},
	{"calls back", calls_back, 200000},
};

static const struct way *way;

/* A number, or "/20". What recursion gets is a depth: each less is 1.6 times less work. */
static long size_of(const char *text)
{
	if (*text != '/')
		return atol(text);
	double part = atof(text + 1);
	long depth = way->size;
	for (double left = part; left > 1; left /= 1.618)
		depth--;
	return way->run == recursion ? depth : (long)((double)way->size / part);
}

static void *start(void *argument)
{
	int me = (int)(intptr_t)argument;
	results[me] = way->run(me);
	return NULL;
}

int main(int argc, char **argv)
{
	for (size_t n = 0; n < sizeof(ways) / sizeof(ways[0]); n++)
		if (argc > 1 && strcmp(argv[1], ways[n].name) == 0)
			way = &ways[n];
	if (!way) {
		fprintf(stderr, "usage: micro NAME [SIZE | /PART]\n");
		return 2;
	}
	size = argc > 2 ? size_of(argv[2]) : way->size;
	uint32_t random = 5;
	for (int i = 0; i < N; i++) {
		for (int j = 0; j < N; j++) {
			left[i][j] = i % 7 + j % 3;
			right[i][j] = i % 5 - j % 2;
		}
	}
	for (int n = 0; n < 4096; n++)
		table[n] = next_random(&random);
	for (int n = 0; n < THREADS; n++)
		pthread_mutex_init(&own[n].lock, NULL);
	pthread_mutex_init(&common.lock, NULL);
	pthread_barrier_init(&together, NULL, THREADS);
	pthread_t threads[THREADS];
	for (int n = 0; n < THREADS; n++)
		if (pthread_create(&threads[n], NULL, start, (void *)(intptr_t)n) != 0)
			abort();
	for (int n = 0; n < THREADS; n++)
		pthread_join(threads[n], NULL);
	printf("%s: %llu %llu\n", way->name, (unsigned long long)results[0], (unsigned long long)results[1]);
	return 0;
}
