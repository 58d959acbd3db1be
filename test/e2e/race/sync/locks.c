/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * locks.c: mutexes, read-write locks, spin locks, of POSIX and C11.
 */
#include "pairs.h"

#include <errno.h>
#include <stdlib.h>
#include <threads.h>
#include <time.h>

static pthread_mutex_t mutexes[2] = {PTHREAD_MUTEX_INITIALIZER, PTHREAD_MUTEX_INITIALIZER};
static pthread_mutex_t recursive[2], errorcheck[2], adaptive[2], robust[2];
static pthread_rwlock_t rwlocks[2] = {PTHREAD_RWLOCK_INITIALIZER, PTHREAD_RWLOCK_INITIALIZER};
static pthread_spinlock_t spins[2];
static mtx_t c11[2], c11_recursive[2];

static struct timespec in_an_hour(clockid_t clock)
{
	struct timespec at;

	clock_gettime(clock, &at);
	at.tv_sec += 3600;
	return at;
}

static void must(int is_so)
{
	if (!is_so)
		abort();
}

#define REAL      struct timespec at = in_an_hour(CLOCK_REALTIME)
#define MONOTONIC struct timespec at = in_an_hour(CLOCK_MONOTONIC)

/* A function that takes, writes and gives. */
#define CRITICAL(name, prepare, take, give)                                                                  \
	static void name(int o)                                                                              \
	{                                                                                                    \
		prepare;                                                                                     \
		must(!(take));                                                                               \
		shared++;                                                                                    \
		must(!(give));                                                                               \
	}
CRITICAL(mutex_lock, , pthread_mutex_lock(&mutexes[o]), pthread_mutex_unlock(&mutexes[o]))
CRITICAL(mutex_try, , pthread_mutex_trylock(&mutexes[o]), pthread_mutex_unlock(&mutexes[o]))
CRITICAL(mutex_timed, REAL, pthread_mutex_timedlock(&mutexes[o], &at), pthread_mutex_unlock(&mutexes[o]))
CRITICAL(mutex_clock, MONOTONIC, pthread_mutex_clocklock(&mutexes[o], CLOCK_MONOTONIC, &at),
	pthread_mutex_unlock(&mutexes[o]))
CRITICAL(errorcheck_lock, , pthread_mutex_lock(&errorcheck[o]), pthread_mutex_unlock(&errorcheck[o]))
CRITICAL(adaptive_lock, , pthread_mutex_lock(&adaptive[o]), pthread_mutex_unlock(&adaptive[o]))
CRITICAL(spin_lock, , pthread_spin_lock(&spins[o]), pthread_spin_unlock(&spins[o]))
CRITICAL(spin_try, , pthread_spin_trylock(&spins[o]), pthread_spin_unlock(&spins[o]))
CRITICAL(write_lock, , pthread_rwlock_wrlock(&rwlocks[o]), pthread_rwlock_unlock(&rwlocks[o]))
CRITICAL(write_try, , pthread_rwlock_trywrlock(&rwlocks[o]), pthread_rwlock_unlock(&rwlocks[o]))
CRITICAL(write_timed, REAL, pthread_rwlock_timedwrlock(&rwlocks[o], &at), pthread_rwlock_unlock(&rwlocks[o]))
CRITICAL(write_clock, MONOTONIC, pthread_rwlock_clockwrlock(&rwlocks[o], CLOCK_MONOTONIC, &at),
	pthread_rwlock_unlock(&rwlocks[o]))
CRITICAL(c11_lock, , mtx_lock(&c11[o]), mtx_unlock(&c11[o]))
CRITICAL(c11_try, , mtx_trylock(&c11[o]), mtx_unlock(&c11[o]))
CRITICAL(c11_timed, REAL, mtx_timedlock(&c11[o], &at), mtx_unlock(&c11[o]))

/* Each reader keeps it for itself. */
static __thread volatile long seen;
#define READING(name, prepare, take)                                                                         \
	static void name(int o)                                                                              \
	{                                                                                                    \
		prepare;                                                                                     \
		must(!(take));                                                                               \
		seen = shared;                                                                               \
		must(!pthread_rwlock_unlock(&rwlocks[o]));                                                   \
	}
READING(read_lock, , pthread_rwlock_rdlock(&rwlocks[o]))
READING(read_try, , pthread_rwlock_tryrdlock(&rwlocks[o]))
READING(read_timed, REAL, pthread_rwlock_timedrdlock(&rwlocks[o], &at))
READING(read_clock, MONOTONIC, pthread_rwlock_clockrdlock(&rwlocks[o], CLOCK_MONOTONIC, &at))

/* Readers are not ordered with readers: in the racy twin both write with a read lock. */
static void wrong_reader(int o)
{
	pthread_rwlock_rdlock(&rwlocks[0]);
	if (o || pair_racy)
		shared++;
	else
		seen = shared;
	pthread_rwlock_unlock(&rwlocks[0]);
}

static void twice(pthread_mutex_t *mutex)
{
	must(!pthread_mutex_lock(mutex));
	must(!pthread_mutex_trylock(mutex));
	must(!pthread_mutex_unlock(mutex));
	shared++;
	must(!pthread_mutex_unlock(mutex));
}

static void recursive_lock(int o)
{
	twice(&recursive[o]);
}

static void c11_recursive_lock(int o)
{
	must(mtx_lock(&c11_recursive[o]) == thrd_success);
	must(mtx_lock(&c11_recursive[o]) == thrd_success);
	must(mtx_unlock(&c11_recursive[o]) == thrd_success);
	shared++;
	must(mtx_unlock(&c11_recursive[o]) == thrd_success);
}

/* In the racy twin it writes after the inner unlock's outer one. */
static void after_unlock(int o)
{
	must(!pthread_mutex_lock(&mutexes[0]));
	if (!pair_racy)
		shared++;
	must(!pthread_mutex_unlock(&mutexes[0]));
	if (pair_racy)
		shared++;
	(void)o;
}

/* A trylock that fails orders nothing: in the racy twin the holder has not given the lock back. */
static void hold_and_write(int o)
{
	(void)o;
	must(!pthread_mutex_lock(&mutexes[0]));
	shared++;
	if (!pair_racy)
		must(!pthread_mutex_unlock(&mutexes[0]));
}

static void try_and_write(int o)
{
	(void)o;
	must(pthread_mutex_trylock(&mutexes[0]) == (pair_racy ? EBUSY : 0));
	shared++;
}

/* The first thread ends with the lock, and is over when the second asks. */
static void *owner(void *arg)
{
	must(!pthread_mutex_lock(&robust[0]));
	shared++;
	hidden_give(2);
	return arg;
}

static void robust_die(int o)
{
	pthread_t thread;

	pthread_create(&thread, NULL, owner, NULL);
	pthread_detach(thread);
	(void)o;
}

static void robust_inherit(int o)
{
	hidden_wait(2);
	must(pthread_mutex_lock(&robust[o]) == (o ? 0 : EOWNERDEAD));
	shared++;
	must(o || !pthread_mutex_consistent(&robust[0]));
	must(!pthread_mutex_unlock(&robust[o]));
}

/* Locked by one thread, unlocked by the other; then the first locks again. */
static void hand_over(int o)
{
	(void)o;
	must(!pthread_mutex_lock(&mutexes[0]));
	hidden_give(2);
	if (pair_racy) {
		hidden_wait(3);
	} else {
		must(!pthread_mutex_lock(&mutexes[0]));
	}
	shared++;
}

static void take_over(int o)
{
	(void)o;
	hidden_wait(2);
	shared++;
	must(!pthread_mutex_unlock(&mutexes[0]));
	hidden_give(3);
}

/* A lock that was destroyed and made anew is another one: nothing is left of what was released to the old
 * one. */
static void before_destroy(int o)
{
	(void)o;
	shared++;
	must(!pthread_mutex_lock(&recursive[0]));
	must(!pthread_mutex_unlock(&recursive[0]));
}

static void after_destroy(int o)
{
	(void)o;
	if (pair_racy) {
		pthread_mutex_destroy(&recursive[0]);
		pthread_mutex_init(&recursive[0], NULL);
	}
	must(!pthread_mutex_lock(&recursive[0]));
	must(!pthread_mutex_unlock(&recursive[0]));
	shared++;
}

static void init_kind(pthread_mutex_t *mutex, int kind, int robustness)
{
	pthread_mutexattr_t attr;

	pthread_mutexattr_init(&attr);
	pthread_mutexattr_settype(&attr, kind);
	pthread_mutexattr_setrobust(&attr, robustness);
	pthread_mutex_init(mutex, &attr);
	pthread_mutexattr_destroy(&attr);
}

#define SELF(name)                                                                                           \
	{                                                                                                    \
#name, name, name, 0                                                                         \
	}
static const struct pair pairs[] = {
	SELF(mutex_lock),
	SELF(mutex_try),
	SELF(mutex_timed),
	SELF(mutex_clock),
	SELF(errorcheck_lock),
	SELF(adaptive_lock),
	SELF(recursive_lock),
	SELF(spin_lock),
	SELF(spin_try),
	SELF(write_lock),
	SELF(write_try),
	SELF(write_timed),
	SELF(write_clock),
	SELF(c11_lock),
	SELF(c11_try),
	SELF(c11_timed),
	SELF(c11_recursive_lock),
	SELF(after_unlock),
	SELF(wrong_reader),
	{"read_then_write", read_lock, write_lock, 0},
	{"read_then_write_try", read_lock, write_try, 0},
	{"read_then_write_timed", read_try, write_timed, 0},
	{"read_then_write_clock", read_clock, write_clock, 0},
	{"write_then_read", write_lock, read_lock, 0},
	{"write_then_read_try", write_lock, read_try, 0},
	{"write_then_read_timed", write_lock, read_timed, 0},
	{"write_then_read_clock", write_lock, read_clock, 0},
	{"failed_try", hold_and_write, try_and_write, 0},
	{"robust", robust_die, robust_inherit, 0},
	{"handed_over", hand_over, take_over, 1},
	{"destroyed", before_destroy, after_destroy, 0},
	{0},
};

int main(int argc, char **argv)
{
	for (int o = 0; o < 2; o++) {
		init_kind(&recursive[o], PTHREAD_MUTEX_RECURSIVE, PTHREAD_MUTEX_STALLED);
		init_kind(&errorcheck[o], PTHREAD_MUTEX_ERRORCHECK, PTHREAD_MUTEX_STALLED);
		init_kind(&adaptive[o], PTHREAD_MUTEX_ADAPTIVE_NP, PTHREAD_MUTEX_STALLED);
		init_kind(&robust[o], PTHREAD_MUTEX_NORMAL, PTHREAD_MUTEX_ROBUST);
		pthread_spin_init(&spins[o], PTHREAD_PROCESS_PRIVATE);
		mtx_init(&c11[o], mtx_timed);
		mtx_init(&c11_recursive[o], mtx_plain | mtx_recursive);
	}
	return pair_run(pairs, argc, argv);
}
