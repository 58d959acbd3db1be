/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * rwlock.c: read-write locks. Readers release into a clock of their own, so that they are not ordered with
 * each other.
 */
#include "race/intercept.h"
#include "race/lock.h"

FL_INTERCEPT(int, pthread_rwlock_init, ___pthread_rwlock_init,
	(pthread_rwlock_t * lock, const pthread_rwlockattr_t *attr))
{
	int rc = FL_REAL(pthread_rwlock_init)(lock, attr);

	if (!rc)
		fl_lock_created(lock, FL_HERE);
	return rc;
}

FL_INTERCEPT(int, pthread_rwlock_destroy, ___pthread_rwlock_destroy, (pthread_rwlock_t * lock))
{
	int rc = FL_REAL(pthread_rwlock_destroy)(lock);

	if (!rc)
		fl_lock_destroyed(lock, sizeof(*lock));
	return rc;
}

FL_INTERCEPT(int, pthread_rwlock_rdlock, ___pthread_rwlock_rdlock, (pthread_rwlock_t * lock))
{
	return fl_lock_result(FL_REAL(pthread_rwlock_rdlock)(lock), lock, FL_LOCK_READ, FL_HERE);
}

FL_INTERCEPT(int, pthread_rwlock_tryrdlock, ___pthread_rwlock_tryrdlock, (pthread_rwlock_t * lock))
{
	return fl_lock_result(FL_REAL(pthread_rwlock_tryrdlock)(lock), lock, FL_LOCK_READ, FL_HERE);
}

FL_INTERCEPT(int, pthread_rwlock_timedrdlock, ___pthread_rwlock_timedrdlock,
	(pthread_rwlock_t * lock, const struct timespec *until))
{
	return fl_lock_result(FL_REAL(pthread_rwlock_timedrdlock)(lock, until), lock, FL_LOCK_READ, FL_HERE);
}

FL_INTERCEPT(int, pthread_rwlock_clockrdlock, ___pthread_rwlock_clockrdlock,
	(pthread_rwlock_t * lock, clockid_t clock, const struct timespec *until))
{
	return fl_lock_result(
		FL_REAL(pthread_rwlock_clockrdlock)(lock, clock, until), lock, FL_LOCK_READ, FL_HERE);
}

FL_INTERCEPT(int, pthread_rwlock_wrlock, ___pthread_rwlock_wrlock, (pthread_rwlock_t * lock))
{
	return fl_lock_result(FL_REAL(pthread_rwlock_wrlock)(lock), lock, FL_LOCK_WRITE, FL_HERE);
}

FL_INTERCEPT(int, pthread_rwlock_trywrlock, ___pthread_rwlock_trywrlock, (pthread_rwlock_t * lock))
{
	return fl_lock_result(FL_REAL(pthread_rwlock_trywrlock)(lock), lock, FL_LOCK_WRITE, FL_HERE);
}

FL_INTERCEPT(int, pthread_rwlock_timedwrlock, ___pthread_rwlock_timedwrlock,
	(pthread_rwlock_t * lock, const struct timespec *until))
{
	return fl_lock_result(FL_REAL(pthread_rwlock_timedwrlock)(lock, until), lock, FL_LOCK_WRITE, FL_HERE);
}

FL_INTERCEPT(int, pthread_rwlock_clockwrlock, ___pthread_rwlock_clockwrlock,
	(pthread_rwlock_t * lock, clockid_t clock, const struct timespec *until))
{
	return fl_lock_result(
		FL_REAL(pthread_rwlock_clockwrlock)(lock, clock, until), lock, FL_LOCK_WRITE, FL_HERE);
}

FL_INTERCEPT(int, pthread_rwlock_unlock, ___pthread_rwlock_unlock, (pthread_rwlock_t * lock))
{
	fl_lock_giving(lock);
	return FL_REAL(pthread_rwlock_unlock)(lock);
}
