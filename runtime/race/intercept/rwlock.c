/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * rwlock.c: read-write locks. Readers release into a clock of their own, so that they are not ordered with
 * each other.
 */
#include "race/intercept.h"
#include "race/misuse.h"

FL_INTERCEPT(int, pthread_rwlock_init, ___pthread_rwlock_init,
	(pthread_rwlock_t * lock, const pthread_rwlockattr_t *attr))
{
	int rc;

	fl_misuse_init(lock, FL_HERE);
	rc = FL_REAL(pthread_rwlock_init)(lock, attr);
	if (!rc)
		fl_lock_created(lock, FL_HERE);
	return rc;
}

FL_INTERCEPT(int, pthread_rwlock_destroy, ___pthread_rwlock_destroy, (pthread_rwlock_t * lock))
{
	int rc;

	fl_misuse_mark_check(FL_SYS_RWLOCK, lock, FL_HERE);
	if (__builtin_expect(fl_sys_rwlock_writer(lock) || fl_sys_rwlock_readers(lock), 0))
		fl_misuse_destroy(lock, FL_HERE);
	rc = FL_REAL(pthread_rwlock_destroy)(lock);
	if (!rc && fl_race_self_thread) {
		fl_sys_set_mark(FL_SYS_RWLOCK, lock, true);
		fl_lock_destroyed(lock, sizeof(*lock));
	}
	return rc;
}

FL_INTERCEPT(int, pthread_rwlock_tryrdlock, ___pthread_rwlock_tryrdlock, (pthread_rwlock_t * lock))
{
	fl_misuse_mark_check(FL_SYS_RWLOCK, lock, FL_HERE);
	return fl_lock_result(
		FL_REAL(pthread_rwlock_tryrdlock)(lock), lock, FL_LOCK_READ | FL_LOCK_TRIED, FL_HERE);
}

FL_INTERCEPT(int, pthread_rwlock_timedrdlock, ___pthread_rwlock_timedrdlock,
	(pthread_rwlock_t * lock, const struct timespec *until))
{
	fl_misuse_mark_check(FL_SYS_RWLOCK, lock, FL_HERE);
	return fl_lock_result(FL_REAL(pthread_rwlock_timedrdlock)(lock, until), lock,
		FL_LOCK_READ | FL_LOCK_TRIED, FL_HERE);
}

FL_INTERCEPT(int, pthread_rwlock_clockrdlock, ___pthread_rwlock_clockrdlock,
	(pthread_rwlock_t * lock, clockid_t clock, const struct timespec *until))
{
	fl_misuse_mark_check(FL_SYS_RWLOCK, lock, FL_HERE);
	return fl_lock_result(FL_REAL(pthread_rwlock_clockrdlock)(lock, clock, until), lock,
		FL_LOCK_READ | FL_LOCK_TRIED, FL_HERE);
}

FL_INTERCEPT(int, pthread_rwlock_trywrlock, ___pthread_rwlock_trywrlock, (pthread_rwlock_t * lock))
{
	fl_misuse_mark_check(FL_SYS_RWLOCK, lock, FL_HERE);
	return fl_lock_result(
		FL_REAL(pthread_rwlock_trywrlock)(lock), lock, FL_LOCK_WRITE | FL_LOCK_TRIED, FL_HERE);
}

FL_INTERCEPT(int, pthread_rwlock_timedwrlock, ___pthread_rwlock_timedwrlock,
	(pthread_rwlock_t * lock, const struct timespec *until))
{
	fl_misuse_mark_check(FL_SYS_RWLOCK, lock, FL_HERE);
	return fl_lock_result(FL_REAL(pthread_rwlock_timedwrlock)(lock, until), lock,
		FL_LOCK_WRITE | FL_LOCK_TRIED, FL_HERE);
}

FL_INTERCEPT(int, pthread_rwlock_clockwrlock, ___pthread_rwlock_clockwrlock,
	(pthread_rwlock_t * lock, clockid_t clock, const struct timespec *until))
{
	fl_misuse_mark_check(FL_SYS_RWLOCK, lock, FL_HERE);
	return fl_lock_result(FL_REAL(pthread_rwlock_clockwrlock)(lock, clock, until), lock,
		FL_LOCK_WRITE | FL_LOCK_TRIED, FL_HERE);
}

static const struct fl_lock_way rd_way;

FL_INTERCEPT(int, pthread_rwlock_rdlock, ___pthread_rwlock_rdlock, (pthread_rwlock_t * lock))
{
	int rc;

	fl_misuse_mark_check(FL_SYS_RWLOCK, lock, FL_HERE);
	rc = FL_REAL(pthread_rwlock_tryrdlock)(lock);
	if (__builtin_expect(rc == EBUSY, 0))
		rc = fl_lock_wait(lock, FL_LOCK_READ, &rd_way, FL_HERE);
	return fl_lock_result(rc, lock, FL_LOCK_READ, FL_HERE);
}

static int rd_until(void *lock, const struct timespec *until)
{
	return fl_intercept_is_there(pthread_rwlock_clockrdlock)
		       ? FL_REAL(pthread_rwlock_clockrdlock)(lock, CLOCK_MONOTONIC, until)
		       : EINVAL;
}

static int rd_for_ever(void *lock)
{
	return FL_REAL(pthread_rwlock_rdlock)(lock);
}

static const struct fl_lock_way rd_way = {rd_until, rd_for_ever};

static const struct fl_lock_way wr_way, wr_first_way;

FL_INTERCEPT(int, pthread_rwlock_wrlock, ___pthread_rwlock_wrlock, (pthread_rwlock_t * lock))
{
	int rc;

	fl_misuse_mark_check(FL_SYS_RWLOCK, lock, FL_HERE);
	rc = FL_REAL(pthread_rwlock_trywrlock)(lock);
	if (__builtin_expect(rc == EBUSY, 0))
		rc = fl_lock_wait(lock, FL_LOCK_WRITE,
			fl_sys_rwlock_prefers_writers(lock) ? &wr_first_way : &wr_way, FL_HERE);
	return fl_lock_result(rc, lock, FL_LOCK_WRITE, FL_HERE);
}

static int wr_until(void *lock, const struct timespec *until)
{
	return fl_intercept_is_there(pthread_rwlock_clockwrlock)
		       ? FL_REAL(pthread_rwlock_clockwrlock)(lock, CLOCK_MONOTONIC, until)
		       : EINVAL;
}

static int wr_for_ever(void *lock)
{
	return FL_REAL(pthread_rwlock_wrlock)(lock);
}

static const struct fl_lock_way wr_way = {wr_until, wr_for_ever}, wr_first_way = {NULL, wr_for_ever};

FL_INTERCEPT(int, pthread_rwlock_unlock, ___pthread_rwlock_unlock, (pthread_rwlock_t * lock))
{
	fl_misuse_mark_check(FL_SYS_RWLOCK, lock, FL_HERE);
	if (__builtin_expect(!fl_lock_giving(lock, FL_HERE), 0))
		fl_misuse_unlock(lock, FL_LOCK_WRITE, FL_HERE);
	return FL_REAL(pthread_rwlock_unlock)(lock);
}
