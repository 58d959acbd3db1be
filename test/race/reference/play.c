/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * play.c: one function an operation of a script, of the right size, alignment and order. Compiled with the
 * detector. Touches no memory but the operation's own; nothing here may be shared by accident.
 */
#include "play.h"

#include <pthread.h>
#include <semaphore.h>
#include <stdlib.h>
#include <string.h>

#define HERE      __attribute__((noinline))
#define STAY()    __asm__ volatile("" ::: "memory") /* what comes before is no tail call */
#define DIGITS(F) F(0) F(1) F(2) F(3) F(4) F(5) F(6) F(7) F(8) F(9) F(10) F(11) F(12) F(13) F(14) F(15)

typedef uint64_t step(uint64_t rest, unsigned left, operation *f, char *p, uint64_t a, uint64_t b);
#define DECLARE(n) static step digit_##n;
#define NAME(n)    digit_##n,
DIGITS(DECLARE)
static step *const digits[16] = {DIGITS(NAME)};
#define DEFINE(n)                                                                                            \
	HERE static uint64_t digit_##n(                                                                      \
		uint64_t rest, unsigned left, operation *f, char *p, uint64_t a, uint64_t b)                 \
	{                                                                                                    \
		uint64_t r = left ? digits[rest & 15](rest >> 4, left - 1, f, p, a, b) : f(p, a, b);         \
		STAY();                                                                                      \
		return r;                                                                                    \
	}
DIGITS(DEFINE)

uint64_t play_numbered(uint64_t number, operation *f, char *p, uint64_t a, uint64_t b)
{
	uint64_t r = digits[number & 15](number >> 4, 4, f, p, a, b);
	STAY();
	return r;
}

typedef uint8_t t0;
typedef uint16_t t1;
typedef uint32_t t2;
typedef uint64_t t3;
typedef unsigned __int128 t4;
#define SIZES(F) F(0) F(1) F(2) F(3) F(4)

#define PLAIN(n)                                                                                             \
	struct __attribute__((packed)) packed_##n {                                                          \
		t##n value;                                                                                  \
	};                                                                                                   \
	HERE static uint64_t read_##n(char *p, uint64_t a, uint64_t b)                                       \
	{                                                                                                    \
		t##n v = *(t##n *)p;                                                                         \
		return a + b + (uint64_t)(v >> (sizeof v * 4)) + (uint64_t)v;                                \
	}                                                                                                    \
	HERE static uint64_t write_##n(char *p, uint64_t a, uint64_t b)                                      \
	{                                                                                                    \
		*(t##n *)p = (t##n)a;                                                                        \
		return b;                                                                                    \
	}                                                                                                    \
	HERE static uint64_t read_packed_##n(char *p, uint64_t a, uint64_t b)                                \
	{                                                                                                    \
		t##n v = ((struct packed_##n *)p)->value;                                                    \
		return a + b + (uint64_t)(v >> (sizeof v * 4)) + (uint64_t)v;                                \
	}                                                                                                    \
	HERE static uint64_t write_packed_##n(char *p, uint64_t a, uint64_t b)                               \
	{                                                                                                    \
		((struct packed_##n *)p)->value = (t##n)a;                                                   \
		return b;                                                                                    \
	}
SIZES(PLAIN)
#define LIST(kind)                                                                                           \
	{                                                                                                    \
		kind##_0, kind##_1, kind##_2, kind##_3, kind##_4                                             \
	}
operation *const play_read[5] = LIST(read);
operation *const play_write[5] = LIST(write);
operation *const play_read_packed[5] = LIST(read_packed);
operation *const play_write_packed[5] = LIST(write_packed);

#define LOAD(n, order)                                                                                       \
	HERE static uint64_t load_##n##_##order(char *p, uint64_t a, uint64_t b)                             \
	{                                                                                                    \
		return a + b + (uint64_t)__atomic_load_n((t##n *)p, order);                                  \
	}
#define STORE(n, order)                                                                                      \
	HERE static uint64_t store_##n##_##order(char *p, uint64_t a, uint64_t b)                            \
	{                                                                                                    \
		__atomic_store_n((t##n *)p, (t##n)a, order);                                                 \
		return b;                                                                                    \
	}
#define UPDATE(n, order)                                                                                     \
	HERE static uint64_t exchange_##n##_##order(char *p, uint64_t a, uint64_t b)                         \
	{                                                                                                    \
		return b + (uint64_t)__atomic_exchange_n((t##n *)p, (t##n)a, order);                         \
	}                                                                                                    \
	HERE static uint64_t add_##n##_##order(char *p, uint64_t a, uint64_t b)                              \
	{                                                                                                    \
		return b + (uint64_t)__atomic_fetch_add((t##n *)p, (t##n)a, order);                          \
	}                                                                                                    \
	CAS(n, order, 0) CAS(n, order, 1) CAS(n, order, 2) CAS(n, order, 5)
/* a and b: low and high half of the value expected. */
#define CAS(n, order, failure)                                                                               \
	HERE static uint64_t cas_##n##_##order##_##failure(char *p, uint64_t a, uint64_t b)                  \
	{                                                                                                    \
		t##n expected = (t##n)((t4)b << 64 | a);                                                     \
		t##n value = (t##n)(expected + 3);                                                           \
		return __atomic_compare_exchange_n((t##n *)p, &expected, value, 0, order, failure);          \
	}
#define ATOMIC(n)                                                                                            \
	LOAD(n, 0)                                                                                           \
	LOAD(n, 1)                                                                                           \
	LOAD(n, 2)                                                                                           \
	LOAD(n, 5)                                                                                           \
	STORE(n, 0)                                                                                          \
	STORE(n, 3) STORE(n, 5) UPDATE(n, 0) UPDATE(n, 1) UPDATE(n, 2) UPDATE(n, 3) UPDATE(n, 4) UPDATE(n, 5)
SIZES(ATOMIC)
#define LOADS(n)          {load_##n##_0, load_##n##_1, load_##n##_2, 0, 0, load_##n##_5},
#define STORES(n)         {store_##n##_0, 0, 0, store_##n##_3, 0, store_##n##_5},
#define BY_ORDER(n, kind) {kind##n##_0, kind##n##_1, kind##n##_2, kind##n##_3, kind##n##_4, kind##n##_5},
#define EXCHANGES(n)      BY_ORDER(n, exchange_)
#define ADDS(n)           BY_ORDER(n, add_)
#define BY_FAILURE(kind)                                                                                     \
	{                                                                                                    \
		kind##_0, kind##_1, kind##_2, 0, 0, kind##_5                                                 \
	}
#define CASES(n)                                                                                             \
	{BY_FAILURE(cas_##n##_0), BY_FAILURE(cas_##n##_1), BY_FAILURE(cas_##n##_2), BY_FAILURE(cas_##n##_3), \
		BY_FAILURE(cas_##n##_4), BY_FAILURE(cas_##n##_5)},
operation *const play_load[5][6] = {SIZES(LOADS)};
operation *const play_store[5][6] = {SIZES(STORES)};
operation *const play_exchange[5][6] = {SIZES(EXCHANGES)};
operation *const play_add[5][6] = {SIZES(ADDS)};
operation *const play_cas[5][6][6] = {SIZES(CASES)};

#define FENCE(order)                                                                                         \
	HERE static uint64_t fence_##order(char *p, uint64_t a, uint64_t b)                                  \
	{                                                                                                    \
		__atomic_thread_fence(order);                                                                \
		return (uint64_t)p + a + b;                                                                  \
	}
FENCE(2)
FENCE(3) FENCE(4) FENCE(5) operation *const play_fence[6] = {0, 0, fence_2, fence_3, fence_4, fence_5};

uint64_t play_copy(char *to, uint64_t from, uint64_t size)
{
	memcpy(to, (const char *)from, size);
	STAY();
	return 0;
}

uint64_t play_fill(char *p, uint64_t value, uint64_t size)
{
	memset(p, (int)value, size);
	STAY();
	return 0;
}

uint64_t play_alloc(char *p, uint64_t size, uint64_t b)
{
	char *block = malloc(size);
	STAY();
	return (uint64_t)block + 0 * (uint64_t)p + 0 * b;
}

uint64_t play_realloc(char *p, uint64_t size, uint64_t b)
{
	char *block = realloc(p, size);
	STAY();
	return (uint64_t)block + 0 * b;
}

uint64_t play_free(char *p, uint64_t a, uint64_t b)
{
	free(p);
	STAY();
	return a + b;
}

static void *thread_main(void *number)
{
	hidden_run((int)(intptr_t)number);
	STAY();
	return NULL;
}

uint64_t play_create(char *p, uint64_t number, uint64_t b)
{
	int error = pthread_create((pthread_t *)p, NULL, thread_main, (void *)number);
	STAY();
	return b + (uint64_t)error;
}

/* Functions of the C library by their result. */
#define CALL(name, call)                                                                                     \
	uint64_t name(char *p, uint64_t a, uint64_t b)                                                       \
	{                                                                                                    \
		uint64_t result = (uint64_t)(call);                                                          \
		STAY();                                                                                      \
		return result + 0 * ((uint64_t)p + a + b);                                                   \
	}
CALL(play_join, pthread_join((pthread_t)a, NULL))
CALL(play_detach, pthread_detach((pthread_t)a))
CALL(play_lock, pthread_mutex_lock((pthread_mutex_t *)p))
CALL(play_trylock, pthread_mutex_trylock((pthread_mutex_t *)p))
CALL(play_unlock, pthread_mutex_unlock((pthread_mutex_t *)p))
CALL(play_rdlock, pthread_rwlock_rdlock((pthread_rwlock_t *)p))
CALL(play_tryrdlock, pthread_rwlock_tryrdlock((pthread_rwlock_t *)p))
CALL(play_wrlock, pthread_rwlock_wrlock((pthread_rwlock_t *)p))
CALL(play_trywrlock, pthread_rwlock_trywrlock((pthread_rwlock_t *)p))
CALL(play_rwunlock, pthread_rwlock_unlock((pthread_rwlock_t *)p))
CALL(play_post, sem_post((sem_t *)p))
CALL(play_wait, sem_wait((sem_t *)p))
CALL(play_barrier, pthread_barrier_wait((pthread_barrier_t *)p))
CALL(play_cwait, pthread_cond_wait((pthread_cond_t *)p, (pthread_mutex_t *)a))
CALL(play_signal, pthread_cond_signal((pthread_cond_t *)p))
CALL(play_broadcast, pthread_cond_broadcast((pthread_cond_t *)p))
CALL(play_end, 0)

static void nothing(void)
{
}

CALL(play_once, pthread_once((pthread_once_t *)p, nothing))
