/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * waits.c: condition variables, barriers, semaphores, once, of POSIX and C11.
 */
#include "pairs.h"

#include <errno.h>
#include <fcntl.h>
#include <semaphore.h>
#include <stdlib.h>
#include <threads.h>
#include <time.h>
#include <unistd.h>

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t cond = PTHREAD_COND_INITIALIZER;
static mtx_t c11_mutex;
static cnd_t c11_cond;
static sem_t unnamed[2];
static sem_t *named[2];
static volatile long seen; /* by one thread only */
static long told;          /* guarded by the mutex */

static struct timespec in(long seconds, long nanoseconds, clockid_t clock)
{
	struct timespec at;

	clock_gettime(clock, &at);
	at.tv_sec += seconds;
	at.tv_nsec += nanoseconds;
	if (at.tv_nsec >= 1000000000) {
		at.tv_nsec -= 1000000000;
		at.tv_sec++;
	}
	return at;
}

static void must(int is_so)
{
	if (!is_so)
		abort();
}

/* The first waits with the mutex; the second cannot have it before. In the racy twin it does not ask for it.
 */
#define WAITER(name, wait)                                                                                   \
	static void name(int o)                                                                              \
	{                                                                                                    \
		(void)o;                                                                                     \
		pthread_mutex_lock(&mutex);                                                                  \
		shared++;                                                                                    \
		hidden_give(2);                                                                              \
		while (!told) {                                                                              \
			wait;                                                                                \
		}                                                                                            \
		shared++;                                                                                    \
		pthread_mutex_unlock(&mutex);                                                                \
	}
WAITER(cond_wait, pthread_cond_wait(&cond, &mutex))
WAITER(cond_timed, struct timespec at = in(3600, 0, CLOCK_REALTIME);
	pthread_cond_timedwait(&cond, &mutex, &at))
WAITER(cond_clock, struct timespec at = in(3600, 0, CLOCK_MONOTONIC);
	pthread_cond_clockwait(&cond, &mutex, CLOCK_MONOTONIC, &at))
WAITER(cond_timeout, struct timespec at = in(0, 1000000, CLOCK_REALTIME);
	pthread_cond_timedwait(&cond, &mutex, &at))

static void tell(int o)
{
	hidden_wait(2);
	if (o)
		shared++;
	pthread_mutex_lock(&mutex);
	shared++;
	told = 1;
	pthread_cond_broadcast(&cond);
	pthread_mutex_unlock(&mutex);
}

static void tell_silently(int o)
{
	hidden_wait(2);
	if (o)
		shared++;
	pthread_mutex_lock(&mutex);
	shared++;
	told = 1;
	pthread_mutex_unlock(&mutex);
}

/* Cancelled in its wait, it has the mutex again. */
static void unlock_mutex(void *arg)
{
	shared++;
	pthread_mutex_unlock(arg);
}

static void *to_be_cancelled(void *arg)
{
	pthread_mutex_lock(&mutex);
	shared++;
	pthread_cleanup_push(unlock_mutex, &mutex);
	hidden_give(2);
	for (;;)
		pthread_cond_wait(&cond, &mutex);
	pthread_cleanup_pop(0);
	return arg;
}

static void cancel_waiter(int o)
{
	pthread_t thread;

	(void)o;
	pthread_create(&thread, NULL, to_be_cancelled, NULL);
	hidden_wait(2);
	pthread_mutex_lock(&mutex);
	shared++;
	pthread_mutex_unlock(&mutex);
	hidden_give(3);
	hidden_wait(4);
	pthread_cancel(thread);
	pthread_join(thread, NULL);
}

static void beside_cancelled(int o)
{
	hidden_wait(3);
	if (!o)
		pthread_mutex_lock(&mutex);
	shared++;
	if (!o)
		pthread_mutex_unlock(&mutex);
	hidden_give(4);
}

static void c11_wait(int o)
{
	(void)o;
	mtx_lock(&c11_mutex);
	shared++;
	hidden_give(2);
	while (!told)
		cnd_wait(&c11_cond, &c11_mutex);
	shared++;
	mtx_unlock(&c11_mutex);
}

static void c11_timed(int o)
{
	struct timespec at = in(0, 1000000, CLOCK_REALTIME);

	(void)o;
	mtx_lock(&c11_mutex);
	shared++;
	hidden_give(2);
	while (!told)
		cnd_timedwait(&c11_cond, &c11_mutex, &at);
	shared++;
	mtx_unlock(&c11_mutex);
}

static void c11_tell(int o)
{
	hidden_wait(2);
	if (o)
		shared++;
	mtx_lock(&c11_mutex);
	shared++;
	told = 1;
	cnd_signal(&c11_cond);
	mtx_unlock(&c11_mutex);
}

#define POST(name, semaphore)                                                                                \
	static void name(int o)                                                                              \
	{                                                                                                    \
		shared++;                                                                                    \
		must(!sem_post(semaphore));                                                                  \
	}
#define WAIT(name, prepare, wait)                                                                            \
	static void name(int o)                                                                              \
	{                                                                                                    \
		prepare;                                                                                     \
		must(!(wait));                                                                               \
		shared++;                                                                                    \
	}
POST(post, &unnamed[o])
POST(post_named, named[o])
WAIT(semaphore_wait, , sem_wait(&unnamed[o]))
WAIT(semaphore_try, , sem_trywait(&unnamed[o]))
WAIT(semaphore_timed, struct timespec at = in(3600, 0, CLOCK_REALTIME), sem_timedwait(&unnamed[o], &at))
WAIT(semaphore_clock, struct timespec at = in(3600, 0, CLOCK_MONOTONIC),
	sem_clockwait(&unnamed[o], CLOCK_MONOTONIC, &at))
WAIT(semaphore_named, , sem_wait(named[o]))

/* An attempt that fails orders nothing. */
static void post_or_not(int o)
{
	(void)o;
	shared++;
	if (!pair_racy)
		sem_post(&unnamed[0]);
}

static void failed_try(int o)
{
	(void)o;
	must(sem_trywait(&unnamed[0]) == (pair_racy ? -1 : 0));
	must(!pair_racy || errno == EAGAIN);
	shared++;
}

static pthread_once_t onces[2] = {PTHREAD_ONCE_INIT, PTHREAD_ONCE_INIT};
static once_flag flags[2] = {ONCE_FLAG_INIT, ONCE_FLAG_INIT};

static void make(void)
{
	shared++;
}

static void nothing(void)
{
}

static void once_first(int o)
{
	pthread_once(&onces[o], make);
}

static void once_again(int o)
{
	pthread_once(&onces[o], nothing);
	shared++;
}

static void c11_once_first(int o)
{
	call_once(&flags[o], make);
}

static void c11_once_again(int o)
{
	call_once(&flags[o], nothing);
	shared++;
}

/* Two rounds. In the racy twin the first goes on to write after the round in which the second reads. */
static pthread_barrier_t barrier;

static void barrier_first(int o)
{
	(void)o;
	shared++;
	pthread_barrier_wait(&barrier);
	if (pair_racy)
		shared++;
	pthread_barrier_wait(&barrier);
	if (!pair_racy)
		shared++;
}

static void barrier_second(int o)
{
	(void)o;
	pthread_barrier_wait(&barrier);
	seen = shared;
	pthread_barrier_wait(&barrier);
}

/* Made, used and destroyed by whoever is told to, a hundred times, with another thread each time. */
static void *barrier_guest(void *arg)
{
	pthread_barrier_wait(arg);
	shared++;
	return arg;
}

static void barrier_destroyed(int o)
{
	(void)o;
	for (int i = 0; i < 100; i++) {
		pthread_barrier_t local;
		pthread_t thread;

		pthread_barrier_init(&local, NULL, 2);
		shared++;
		pthread_create(&thread, NULL, barrier_guest, &local);
		shared++;
		pthread_barrier_wait(&local);
		if (pair_racy)
			shared++;
		pthread_barrier_destroy(&local);
		pthread_join(thread, NULL);
	}
}

static void idle(int o)
{
	(void)o;
}

static const struct pair pairs[] = {
	{"cond_wait", cond_wait, tell, 1},
	{"cond_timed", cond_timed, tell, 1},
	{"cond_clock", cond_clock, tell, 1},
	{"cond_timeout", cond_timeout, tell_silently, 1},
	{"cond_cancelled", cancel_waiter, beside_cancelled, 1},
	{"c11_wait", c11_wait, c11_tell, 1},
	{"c11_timed", c11_timed, c11_tell, 1},
	{"semaphore_wait", post, semaphore_wait, 0},
	{"semaphore_try", post, semaphore_try, 0},
	{"semaphore_timed", post, semaphore_timed, 0},
	{"semaphore_clock", post, semaphore_clock, 0},
	{"semaphore_named", post_named, semaphore_named, 0},
	{"semaphore_failed_try", post_or_not, failed_try, 0},
	{"once", once_first, once_again, 0},
	{"c11_once", c11_once_first, c11_once_again, 0},
	{"barrier", barrier_first, barrier_second, 1},
	{"barrier_destroyed", barrier_destroyed, idle, 0},
	{0},
};

static sem_t *open_semaphore(unsigned value)
{
	char name[32];
	sem_t *semaphore;

	snprintf(name, sizeof(name), "/furlong-%d-%u", getpid(), value);
	semaphore = sem_open(name, O_CREAT | O_EXCL, 0600, value);
	must(semaphore != SEM_FAILED);
	sem_unlink(name);
	return semaphore;
}

int main(int argc, char **argv)
{
	for (unsigned o = 0; o < 2; o++) {
		sem_init(&unnamed[o], 0, o);
		named[o] = open_semaphore(o);
	}
	pthread_once(&onces[1], nothing);
	call_once(&flags[1], nothing);
	mtx_init(&c11_mutex, mtx_plain);
	cnd_init(&c11_cond);
	pthread_barrier_init(&barrier, NULL, 2);
	return pair_run(pairs, argc, argv);
}
