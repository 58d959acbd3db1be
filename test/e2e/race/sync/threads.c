/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * threads.c: births, ends and joins of threads, of POSIX and C11; many of them, one after the other and at
 * once.
 */
#include "pairs.h"

#include <aio.h>
#include <errno.h>
#include <fcntl.h>
#include <mqueue.h>
#include <netdb.h>
#include <semaphore.h>
#include <signal.h>
#include <stdlib.h>
#include <threads.h>
#include <time.h>
#include <unistd.h>

static void must(int is_so)
{
	if (!is_so)
		abort();
}

/* ---- threads that the C library starts. In the racy twin the one who asks writes after he asked. ---- */

static timer_t timer;
static char queue_name[64];

static void notified(union sigval value)
{
	must(value.sival_int == 7);
	shared++;
	hidden_give(2);
}

static void ask_timer(int o)
{
	struct sigevent event = {
		.sigev_notify = SIGEV_THREAD, .sigev_value = {7}, .sigev_notify_function = notified};
	struct itimerspec soon = {.it_value = {.tv_nsec = 1000000}};

	(void)o;
	must(!timer_create(CLOCK_MONOTONIC, &event, &timer));
	if (!pair_racy)
		shared++;
	must(!timer_settime(timer, 0, &soon, NULL));
	if (pair_racy)
		shared++;
	hidden_wait(2);
	must(!timer_delete(timer));
}

static void ask_queue(int o)
{
	struct sigevent event = {
		.sigev_notify = SIGEV_THREAD, .sigev_value = {7}, .sigev_notify_function = notified};
	mqd_t queue;

	(void)o;
	snprintf(queue_name, sizeof(queue_name), "/furlong-notify-%d", getpid());
	queue = mq_open(queue_name, O_CREAT | O_EXCL | O_RDWR, 0600, NULL);
	must(queue != (mqd_t)-1 && !mq_unlink(queue_name));
	if (!pair_racy)
		shared++;
	must(!mq_notify(queue, &event));
	if (pair_racy)
		shared++;
	must(!mq_send(queue, "", 1, 0));
	hidden_wait(2);
	mq_close(queue);
}

/* The record is as the program wrote it when it is told. */
static struct aiocb request;

static void read_done(union sigval value)
{
	must(value.sival_int == 7 && request.aio_sigevent.sigev_value.sival_int == 7 &&
		request.aio_sigevent.sigev_notify_function == read_done);
	notified(value);
}

static void ask_for(int (*start)(void), void (*done)(union sigval))
{
	static char got;
	int ends[2];

	must(!pipe(ends) && write(ends[1], "", 1) == 1);
	request = (struct aiocb){.aio_fildes = ends[0],
		.aio_buf = &got,
		.aio_nbytes = 1,
		.aio_lio_opcode = LIO_READ,
		.aio_sigevent = {.sigev_notify = done ? SIGEV_THREAD : SIGEV_NONE,
			.sigev_value = {7},
			.sigev_notify_function = done}};
	if (!pair_racy)
		shared++;
	must(!start());
	if (pair_racy)
		shared++;
	hidden_wait(2);
	close(ends[0]);
	close(ends[1]);
}

static int start_read(void)
{
	return aio_read(&request);
}

static int start_list(void)
{
	struct aiocb *const list[] = {&request};
	struct sigevent event = {
		.sigev_notify = SIGEV_THREAD, .sigev_value = {7}, .sigev_notify_function = notified};

	return lio_listio(LIO_NOWAIT, list, 1, &event);
}

static int start_lookup(void)
{
	static const struct addrinfo hints = {.ai_flags = AI_NUMERICHOST};
	static struct gaicb name = {.ar_name = "127.0.0.1", .ar_request = &hints}, *list[] = {&name};
	struct sigevent event = {
		.sigev_notify = SIGEV_THREAD, .sigev_value = {7}, .sigev_notify_function = notified};

	return getaddrinfo_a(GAI_NOWAIT, list, 1, &event);
}

static void ask_read(int o)
{
	(void)o;
	ask_for(start_read, read_done);
}

static void ask_list(int o)
{
	(void)o;
	ask_for(start_list, NULL);
}

static void ask_lookup(int o)
{
	(void)o;
	ask_for(start_lookup, NULL);
}

static struct timespec in_an_hour(clockid_t clock)
{
	struct timespec at;

	clock_gettime(clock, &at);
	at.tv_sec += 3600;
	return at;
}

/* In the racy twin the creator writes while the thread runs, or reads what it left before it has waited. */
static void *child(void *arg)
{
	shared++;
	hidden_give(2);
	return arg;
}

static int c11_child(void *arg)
{
	(void)arg;
	shared++;
	hidden_give(2);
	return 7;
}

#define BIRTH(name, type, create, join)                                                                      \
	static void name(int o)                                                                              \
	{                                                                                                    \
		type thread;                                                                                 \
		(void)o;                                                                                     \
		shared++;                                                                                    \
		must(!(create));                                                                             \
		hidden_wait(2);                                                                              \
		if (pair_racy)                                                                               \
			shared++;                                                                            \
		join;                                                                                        \
		shared++;                                                                                    \
	}
#define CREATE pthread_create(&thread, NULL, child, NULL)
BIRTH(join, pthread_t, CREATE, must(!pthread_join(thread, NULL)))
BIRTH(tryjoin, pthread_t, CREATE, while (pthread_tryjoin_np(thread, NULL) == EBUSY) thrd_yield())
BIRTH(timedjoin, pthread_t, CREATE, struct timespec at = in_an_hour(CLOCK_REALTIME);
	must(!pthread_timedjoin_np(thread, NULL, &at)))
BIRTH(clockjoin, pthread_t, CREATE, struct timespec at = in_an_hour(CLOCK_MONOTONIC);
	must(!pthread_clockjoin_np(thread, NULL, CLOCK_MONOTONIC, &at)))
BIRTH(c11_join, thrd_t, thrd_create(&thread, c11_child, NULL), int result = 0; thrd_join(thread, &result);
	must(result == 7))

/* A join that fails orders nothing. */
static void *waits(void *arg)
{
	shared++;
	hidden_give(2);
	hidden_wait(3);
	return arg;
}

static void failed_join(int o)
{
	pthread_t thread;

	(void)o;
	pthread_create(&thread, NULL, waits, NULL);
	hidden_wait(2);
	must(pthread_tryjoin_np(thread, NULL) == EBUSY);
	if (pair_racy)
		shared++;
	hidden_give(3);
	must(!pthread_join(thread, NULL));
	shared++;
}

/* What destructors and clean-up do at the end of a thread is before its join. */
static pthread_key_t key;
static tss_t c11_key;

static void destructor(void *value)
{
	shared++;
	if ((long)value > 1)
		pthread_setspecific(key, (void *)((long)value - 1));
	hidden_give(2);
}

static void c11_destructor(void *value)
{
	(void)value;
	shared++;
	hidden_give(2);
}

static void *leaves_destructor(void *arg)
{
	pthread_setspecific(key, (void *)3);
	(void)arg;
	pthread_exit(NULL);
}

static int leaves_c11_destructor(void *arg)
{
	(void)arg;
	tss_set(c11_key, &shared);
	thrd_exit(7);
}

static void cleanup(void *arg)
{
	(void)arg;
	shared++;
	hidden_give(2);
}

static void *cancelled(void *arg)
{
	pthread_cleanup_push(cleanup, NULL);
	for (;;)
		pthread_testcancel();
	pthread_cleanup_pop(0);
	return arg;
}

BIRTH(destructors, pthread_t, pthread_create(&thread, NULL, leaves_destructor, NULL),
	must(!pthread_join(thread, NULL)))
BIRTH(c11_destructors, thrd_t, thrd_create(&thread, leaves_c11_destructor, NULL), thrd_join(thread, NULL))
BIRTH(cancelled_cleanup, pthread_t, pthread_create(&thread, NULL, cancelled, NULL) || pthread_cancel(thread),
	must(!pthread_join(thread, NULL)))

/* Nobody waits for a detached thread, but it may say that it is done. */
static sem_t done;

static void *detached(void *arg)
{
	shared++;
	if (!pair_racy)
		sem_post(&done);
	hidden_give(2);
	return arg;
}

static void detach(int o)
{
	pthread_t thread;

	(void)o;
	must(!pthread_create(&thread, NULL, detached, NULL) && !pthread_detach(thread));
	hidden_wait(2);
	if (!pair_racy)
		sem_wait(&done);
	shared++;
}

static int c11_detached(void *arg)
{
	return detached(arg) != NULL;
}

static void c11_detach(int o)
{
	thrd_t thread;

	(void)o;
	must(thrd_create(&thread, c11_detached, NULL) == thrd_success && thrd_detach(thread) == thrd_success);
	hidden_wait(2);
	if (!pair_racy)
		sem_wait(&done);
	shared++;
}

static void idle(int o)
{
	(void)o;
}

/* ---- many ---- */

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static long guarded;

static void *short_life(void *arg)
{
	pthread_mutex_lock(&mutex);
	guarded++;
	pthread_mutex_unlock(&mutex);
	if (arg)
		sem_post(arg);
	return arg;
}

static void *racy_life(void *arg)
{
	shared++;
	return arg;
}

/* The one at the very end races with the first of all, which nobody is ordered with. */
static void churn(int count, int is_detached)
{
	pthread_t thread, early, late;
	long before = 0;

	must(!pthread_create(&early, NULL, racy_life, NULL));
	for (int i = 0; i < count; i++) {
		if (i == count / 10)
			before = hidden_rss_kb();
		must(!pthread_create(&thread, NULL, short_life, is_detached ? &done : NULL));
		if (is_detached) {
			pthread_detach(thread);
			sem_wait(&done);
		} else {
			must(!pthread_join(thread, NULL));
		}
	}
	fprintf(stderr, "growth %ld kB\n", hidden_rss_kb() - before);
	must(hidden_rss_kb() - before < 16384);
	if (pair_racy)
		must(!pthread_create(&late, NULL, racy_life, NULL) && !pthread_join(late, NULL));
	must(!pthread_join(early, NULL));
	pthread_mutex_lock(&mutex);
	must(guarded == count);
	pthread_mutex_unlock(&mutex);
}

static void churn_joined(int o)
{
	(void)o;
	churn(10000, 0);
}

static void churn_detached(int o)
{
	(void)o;
	churn(10000, 1);
}

enum { CROWD = 2000 };
static pthread_barrier_t everybody;

static void *one_of_many(void *arg)
{
	pthread_barrier_wait(&everybody);
	short_life(NULL);
	if (pair_racy && arg)
		shared++;
	pthread_barrier_wait(&everybody);
	return arg;
}

static void crowd(int o)
{
	static pthread_t threads[CROWD];
	pthread_attr_t attr;

	(void)o;
	pthread_attr_init(&attr);
	pthread_attr_setstacksize(&attr, 65536);
	pthread_barrier_init(&everybody, NULL, CROWD);
	for (long i = 0; i < CROWD; i++)
		must(!pthread_create(
			&threads[i], &attr, one_of_many, (void *)(long)(i == 3 || i == CROWD - 1)));
	for (int i = 0; i < CROWD; i++)
		must(!pthread_join(threads[i], NULL));
	must(guarded == CROWD);
	fprintf(stderr, "growth %ld kB\n", hidden_rss_kb());
}

#define ALONE(name)                                                                                          \
	{                                                                                                    \
#name, name, idle, 0                                                                         \
	}
static const struct pair pairs[] = {ALONE(join), ALONE(tryjoin), ALONE(timedjoin), ALONE(clockjoin),
	ALONE(c11_join), ALONE(failed_join), ALONE(destructors), ALONE(c11_destructors),
	ALONE(cancelled_cleanup), ALONE(detach), ALONE(c11_detach), ALONE(churn_joined),
	ALONE(churn_detached), ALONE(crowd), ALONE(ask_timer), ALONE(ask_queue), ALONE(ask_read),
	ALONE(ask_list), ALONE(ask_lookup), {0}};

int main(int argc, char **argv)
{
	sem_init(&done, 0, 0);
	pthread_key_create(&key, destructor);
	tss_create(&c11_key, c11_destructor);
	return pair_run(pairs, argc, argv);
}
