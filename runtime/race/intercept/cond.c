/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * cond.c: condition variables. To wait is to give the mutex back and to take it again, also when the time was
 * up or the waiter is cancelled. A signal orders nothing by itself: the mutex does.
 */
#include "race/intercept.h"
#include "race/lock.h"

struct cond_wait {
	void *mutex;
	const void *pc;
};

/* Cancelled: the C library has taken the mutex again before it unwinds to here. */
static void cond_cancelled(void *data)
{
	const struct cond_wait *wait = data;

	fl_lock_taken(wait->mutex, FL_LOCK_MUTEX, wait->pc);
}

/* A call that refuses to wait has not touched the mutex: to give it and take it orders nothing more. */
#define COND_WAIT(call)                                                                                      \
	struct cond_wait wait = {mutex, FL_HERE};                                                            \
	int rc;                                                                                              \
	if (!fl_race_self_thread)                                                                            \
		return call;                                                                                 \
	fl_lock_giving(mutex);                                                                               \
	pthread_cleanup_push(cond_cancelled, &wait);                                                         \
	rc = call;                                                                                           \
	pthread_cleanup_pop(0);                                                                              \
	if (rc == EOWNERDEAD)                                                                                \
		fl_lock_inherited(mutex);                                                                    \
	fl_lock_taken(mutex, FL_LOCK_MUTEX, wait.pc);                                                        \
	return rc

FL_INTERCEPT(int, pthread_cond_wait, ___pthread_cond_wait, (pthread_cond_t * cond, pthread_mutex_t *mutex))
{
	COND_WAIT(FL_REAL(pthread_cond_wait)(cond, mutex));
}

FL_INTERCEPT(int, pthread_cond_timedwait, ___pthread_cond_timedwait,
	(pthread_cond_t * cond, pthread_mutex_t *mutex, const struct timespec *until))
{
	COND_WAIT(FL_REAL(pthread_cond_timedwait)(cond, mutex, until));
}

FL_INTERCEPT(int, pthread_cond_clockwait, ___pthread_cond_clockwait,
	(pthread_cond_t * cond, pthread_mutex_t *mutex, clockid_t clock, const struct timespec *until))
{
	COND_WAIT(FL_REAL(pthread_cond_clockwait)(cond, mutex, clock, until));
}

FL_INTERCEPT(int, cnd_wait, __cnd_wait, (cnd_t * cond, mtx_t *mutex))
{
	COND_WAIT(FL_REAL(cnd_wait)(cond, mutex));
}

FL_INTERCEPT(int, cnd_timedwait, ___cnd_timedwait, (cnd_t * cond, mtx_t *mutex, const struct timespec *until))
{
	COND_WAIT(FL_REAL(cnd_timedwait)(cond, mutex, until));
}
