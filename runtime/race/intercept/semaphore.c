/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * semaphore.c: POSIX semaphores, named and unnamed. A post releases, who gets one acquires from all posts so
 * far.
 */
#include "race/intercept.h"
#include "race/misuse.h"

#include <errno.h>
#include <semaphore.h>

/* Around a wait. One that is cancelled says nothing any more: its thread ends. */
#define SEM_WAIT(semaphore, call)                                                                            \
	struct fl_wait wait = {.what = FL_WAIT_SEMAPHORE, .object = (semaphore)}, before;                    \
	int rc;                                                                                              \
	fl_misuse_mark_check(FL_SYS_SEMAPHORE, semaphore, FL_HERE);                                          \
	if (!fl_race_self_thread || !fl_race_concurrent)                                                     \
		return call;                                                                                 \
	FL_RACE_INSIDE wait.context = fl_context_of_step(FL_HERE, NULL);                                     \
	fl_wait_begin(&wait, &before);                                                                       \
	rc = call;                                                                                           \
	fl_wait_end(&before);                                                                                \
	return semaphore_result(rc, semaphore)

/* errno is the program's. */
static int semaphore_result(int rc, sem_t *semaphore)
{
	if (!rc && fl_race_concurrent)
		FL_RACE_INSIDE fl_sync_acquire(semaphore);
	return rc;
}

FL_INTERCEPT(int, sem_post, __new_sem_post, (sem_t * semaphore))
{
	fl_misuse_mark_check(FL_SYS_SEMAPHORE, semaphore, FL_HERE);
	if (fl_race_concurrent)
		FL_RACE_INSIDE fl_sync_release(semaphore);
	return FL_REAL(sem_post)(semaphore);
}

FL_INTERCEPT(int, sem_wait, __new_sem_wait, (sem_t * semaphore))
{
	SEM_WAIT(semaphore, FL_REAL(sem_wait)(semaphore));
}

FL_INTERCEPT(int, sem_trywait, __new_sem_trywait, (sem_t * semaphore))
{
	fl_misuse_mark_check(FL_SYS_SEMAPHORE, semaphore, FL_HERE);
	return semaphore_result(FL_REAL(sem_trywait)(semaphore), semaphore);
}

FL_INTERCEPT(int, sem_timedwait, ___sem_timedwait,
	(sem_t *restrict semaphore, const struct timespec *restrict until))
{
	SEM_WAIT(semaphore, FL_REAL(sem_timedwait)(semaphore, until));
}

FL_INTERCEPT(int, sem_clockwait, ___sem_clockwait,
	(sem_t *restrict semaphore, clockid_t clock, const struct timespec *restrict until))
{
	SEM_WAIT(semaphore, FL_REAL(sem_clockwait)(semaphore, clock, until));
}

FL_INTERCEPT(int, sem_destroy, __new_sem_destroy, (sem_t * semaphore))
{
	int rc;

	fl_misuse_mark_check(FL_SYS_SEMAPHORE, semaphore, FL_HERE);
	fl_misuse_in_use(FL_WAIT_SEMAPHORE, semaphore, "Destroyed", FL_HERE);
	rc = FL_REAL(sem_destroy)(semaphore);
	if (rc || !fl_race_self_thread)
		return rc;
	fl_sys_set_mark(FL_SYS_SEMAPHORE, semaphore, true);
	FL_RACE_INSIDE fl_sync_forget(semaphore, sizeof(*semaphore));
	return rc;
}

FL_INTERCEPT(int, sem_init, __new_sem_init, (sem_t * semaphore, int shared, unsigned value))
{
	fl_misuse_in_use(FL_WAIT_SEMAPHORE, semaphore, "Initialized", FL_HERE);
	fl_sys_set_mark(FL_SYS_SEMAPHORE, semaphore, false);
	return FL_REAL(sem_init)(semaphore, shared, value);
}
