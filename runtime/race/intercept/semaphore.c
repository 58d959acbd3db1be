/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * semaphore.c: POSIX semaphores, named and unnamed. A post releases, who gets one acquires from all posts so
 * far.
 */
#include "race/intercept.h"
#include "race/race.h"

#include <errno.h>
#include <semaphore.h>

/* errno is the program's. */
static int semaphore_result(int rc, sem_t *semaphore)
{
	if (!rc && fl_race_concurrent)
		FL_RACE_INSIDE fl_sync_acquire(semaphore);
	return rc;
}

FL_INTERCEPT(int, sem_post, __new_sem_post, (sem_t * semaphore))
{
	if (fl_race_concurrent)
		FL_RACE_INSIDE fl_sync_release(semaphore);
	return FL_REAL(sem_post)(semaphore);
}

FL_INTERCEPT(int, sem_wait, __new_sem_wait, (sem_t * semaphore))
{
	return semaphore_result(FL_REAL(sem_wait)(semaphore), semaphore);
}

FL_INTERCEPT(int, sem_trywait, __new_sem_trywait, (sem_t * semaphore))
{
	return semaphore_result(FL_REAL(sem_trywait)(semaphore), semaphore);
}

FL_INTERCEPT(int, sem_timedwait, ___sem_timedwait,
	(sem_t *restrict semaphore, const struct timespec *restrict until))
{
	return semaphore_result(FL_REAL(sem_timedwait)(semaphore, until), semaphore);
}

FL_INTERCEPT(int, sem_clockwait, ___sem_clockwait,
	(sem_t *restrict semaphore, clockid_t clock, const struct timespec *restrict until))
{
	return semaphore_result(FL_REAL(sem_clockwait)(semaphore, clock, until), semaphore);
}

FL_INTERCEPT(int, sem_destroy, __new_sem_destroy, (sem_t * semaphore))
{
	int rc = FL_REAL(sem_destroy)(semaphore);

	if (!rc)
		FL_RACE_INSIDE fl_sync_forget(semaphore, sizeof(*semaphore));
	return rc;
}
