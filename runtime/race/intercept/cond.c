/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * cond.c: condition variables. To wait is to give the mutex back and to take it again, also when the time was
 * up or the waiter is cancelled. A signal orders nothing by itself: the mutex does.
 */
#include "race/intercept.h"
#include "race/misuse.h"

struct cond_wait {
	void *mutex;
	const void *pc;
	struct fl_wait before;
};

/* Cancelled: the C library has taken the mutex again before it unwinds to here. */
static void cond_cancelled(void *data)
{
	const struct cond_wait *wait = data;

	fl_wait_end(&wait->before);
	fl_lock_taken(wait->mutex, FL_LOCK_MUTEX, wait->pc);
}

static void cond_begin(struct cond_wait *state, void *cond)
{
	struct fl_wait wait = {.what = FL_WAIT_CONDITION, .object = cond, .mutex = state->mutex};

	FL_RACE_INSIDE wait.context = fl_context_of_step(state->pc, NULL);
	fl_misuse_wait(cond, state->mutex, fl_lock_giving(state->mutex, state->pc), state->pc);
	fl_wait_begin(&wait, &state->before);
}

static int cond_end(struct cond_wait *state, int rc)
{
	fl_wait_end(&state->before);
	if (rc == EOWNERDEAD)
		fl_lock_inherited(state->mutex);
	fl_lock_taken(state->mutex, FL_LOCK_MUTEX, state->pc);
	return rc;
}

/* A call that refuses to wait has not touched the mutex: to give it and take it orders nothing more. */
#define COND_WAIT(call)                                                                                      \
	struct cond_wait state = {mutex, FL_HERE, {0}};                                                      \
	int rc;                                                                                              \
	if (!fl_race_self_thread)                                                                            \
		return call;                                                                                 \
	cond_begin(&state, cond);                                                                            \
	pthread_cleanup_push(cond_cancelled, &state);                                                        \
	rc = call;                                                                                           \
	pthread_cleanup_pop(0);                                                                              \
	return cond_end(&state, rc)

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

/* ---- the others ---- */

static inline void cond_check(void *cond, const void *pc)
{
	if (__builtin_expect(fl_sys_cond_is_destroyed(cond), 0))
		fl_misuse_cond(cond, pc);
}

FL_INTERCEPT(int, pthread_cond_init, __pthread_cond_init,
	(pthread_cond_t *restrict cond, const pthread_condattr_t *restrict attr))
{
	fl_misuse_in_use(FL_WAIT_CONDITION, cond, "Initialized", FL_HERE);
	return FL_REAL(pthread_cond_init)(cond, attr);
}

/* The C library waits here until all waiters have left. */
FL_INTERCEPT(int, pthread_cond_destroy, __pthread_cond_destroy, (pthread_cond_t * cond))
{
	cond_check(cond, FL_HERE);
	fl_misuse_in_use(FL_WAIT_CONDITION, cond, "Destroyed", FL_HERE);
	return FL_REAL(pthread_cond_destroy)(cond);
}

FL_INTERCEPT(int, pthread_cond_signal, ___pthread_cond_signal, (pthread_cond_t * cond))
{
	cond_check(cond, FL_HERE);
	return FL_REAL(pthread_cond_signal)(cond);
}

FL_INTERCEPT(int, pthread_cond_broadcast, ___pthread_cond_broadcast, (pthread_cond_t * cond))
{
	cond_check(cond, FL_HERE);
	return FL_REAL(pthread_cond_broadcast)(cond);
}
