/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * mutex.c: pthread mutexes of every kind, and spin locks.
 */
#include "race/intercept.h"
#include "race/lock.h"

FL_INTERCEPT(int, pthread_mutex_init, ___pthread_mutex_init,
	(pthread_mutex_t * mutex, const pthread_mutexattr_t *attr))
{
	int rc = FL_REAL(pthread_mutex_init)(mutex, attr);

	if (!rc)
		fl_lock_created(mutex, FL_HERE);
	return rc;
}

FL_INTERCEPT(int, pthread_mutex_destroy, ___pthread_mutex_destroy, (pthread_mutex_t * mutex))
{
	int rc = FL_REAL(pthread_mutex_destroy)(mutex);

	if (!rc)
		fl_lock_destroyed(mutex, sizeof(*mutex));
	return rc;
}

FL_INTERCEPT(int, pthread_mutex_lock, ___pthread_mutex_lock, (pthread_mutex_t * mutex))
{
	return fl_lock_result(FL_REAL(pthread_mutex_lock)(mutex), mutex, FL_LOCK_MUTEX, FL_HERE);
}

FL_INTERCEPT(int, pthread_mutex_trylock, ___pthread_mutex_trylock, (pthread_mutex_t * mutex))
{
	return fl_lock_result(FL_REAL(pthread_mutex_trylock)(mutex), mutex, FL_LOCK_MUTEX, FL_HERE);
}

FL_INTERCEPT(int, pthread_mutex_timedlock, ___pthread_mutex_timedlock,
	(pthread_mutex_t * mutex, const struct timespec *until))
{
	return fl_lock_result(FL_REAL(pthread_mutex_timedlock)(mutex, until), mutex, FL_LOCK_MUTEX, FL_HERE);
}

FL_INTERCEPT(int, pthread_mutex_clocklock, ___pthread_mutex_clocklock,
	(pthread_mutex_t * mutex, clockid_t clock, const struct timespec *until))
{
	return fl_lock_result(
		FL_REAL(pthread_mutex_clocklock)(mutex, clock, until), mutex, FL_LOCK_MUTEX, FL_HERE);
}

FL_INTERCEPT(int, pthread_mutex_unlock, ___pthread_mutex_unlock, (pthread_mutex_t * mutex))
{
	fl_lock_giving(mutex);
	return FL_REAL(pthread_mutex_unlock)(mutex);
}

FL_INTERCEPT(int, pthread_spin_lock, __pthread_spin_lock, (pthread_spinlock_t * lock))
{
	return fl_lock_result(FL_REAL(pthread_spin_lock)(lock), lock, FL_LOCK_MUTEX, FL_HERE);
}

FL_INTERCEPT(int, pthread_spin_trylock, __pthread_spin_trylock, (pthread_spinlock_t * lock))
{
	return fl_lock_result(FL_REAL(pthread_spin_trylock)(lock), lock, FL_LOCK_MUTEX, FL_HERE);
}

FL_INTERCEPT(int, pthread_spin_unlock, __pthread_spin_unlock, (pthread_spinlock_t * lock))
{
	fl_lock_giving(lock);
	return FL_REAL(pthread_spin_unlock)(lock);
}

FL_INTERCEPT(int, pthread_spin_destroy, __pthread_spin_destroy, (pthread_spinlock_t * lock))
{
	int rc = FL_REAL(pthread_spin_destroy)(lock);

	if (!rc)
		fl_lock_destroyed(lock, sizeof(*lock));
	return rc;
}
