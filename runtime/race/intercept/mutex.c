/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * mutex.c: pthread mutexes of every kind, and spin locks.
 */
#include "race/intercept.h"
#include "race/misuse.h"

FL_INTERCEPT(int, pthread_mutex_init, ___pthread_mutex_init,
	(pthread_mutex_t * mutex, const pthread_mutexattr_t *attr))
{
	int rc;

	fl_misuse_init(mutex, FL_HERE);
	rc = FL_REAL(pthread_mutex_init)(mutex, attr);
	if (!rc)
		fl_lock_created(mutex, FL_HERE);
	return rc;
}

FL_INTERCEPT(int, pthread_mutex_destroy, ___pthread_mutex_destroy, (pthread_mutex_t * mutex))
{
	bool valid = fl_sys_mutex_is_valid(mutex);
	int rc = FL_REAL(pthread_mutex_destroy)(mutex);

	if (!rc)
		fl_lock_destroyed(mutex, sizeof(*mutex));
	if (__builtin_expect(!valid, 0))
		fl_misuse_destroy_invalid(mutex, FL_HERE);
	else if (__builtin_expect(rc == EBUSY, 0))
		fl_misuse_destroy(mutex, FL_HERE);
	return rc;
}

FL_INTERCEPT(int, pthread_mutex_trylock, ___pthread_mutex_trylock, (pthread_mutex_t * mutex))
{
	return fl_lock_result(
		FL_REAL(pthread_mutex_trylock)(mutex), mutex, FL_LOCK_MUTEX | FL_LOCK_TRIED, FL_HERE);
}

FL_INTERCEPT(int, pthread_mutex_timedlock, ___pthread_mutex_timedlock,
	(pthread_mutex_t * mutex, const struct timespec *until))
{
	return fl_lock_result(FL_REAL(pthread_mutex_timedlock)(mutex, until), mutex,
		FL_LOCK_MUTEX | FL_LOCK_TRIED, FL_HERE);
}

FL_INTERCEPT(int, pthread_mutex_clocklock, ___pthread_mutex_clocklock,
	(pthread_mutex_t * mutex, clockid_t clock, const struct timespec *until))
{
	return fl_lock_result(FL_REAL(pthread_mutex_clocklock)(mutex, clock, until), mutex,
		FL_LOCK_MUTEX | FL_LOCK_TRIED, FL_HERE);
}

FL_INTERCEPT(int, pthread_mutex_lock, ___pthread_mutex_lock, (pthread_mutex_t * mutex))
{
	int rc = FL_REAL(pthread_mutex_trylock)(mutex);

	if (__builtin_expect(rc == EBUSY, 0))
		rc = fl_lock_wait(mutex, FL_LOCK_MUTEX, &fl_mutex_way, FL_HERE);
	return fl_lock_result(rc, mutex, FL_LOCK_MUTEX, FL_HERE);
}

static int mutex_until(void *mutex, const struct timespec *until)
{
	return fl_intercept_is_there(pthread_mutex_clocklock)
		       ? FL_REAL(pthread_mutex_clocklock)(mutex, CLOCK_MONOTONIC, until)
		       : EINVAL;
}

static int mutex_for_ever(void *mutex)
{
	return FL_REAL(pthread_mutex_lock)(mutex);
}

const struct fl_lock_way fl_mutex_way = {mutex_until, mutex_for_ever};

FL_INTERCEPT(int, pthread_mutex_unlock, ___pthread_mutex_unlock, (pthread_mutex_t * mutex))
{
	if (__builtin_expect(!fl_lock_giving(mutex, FL_HERE), 0))
		fl_misuse_unlock(mutex, FL_LOCK_MUTEX, FL_HERE);
	return FL_REAL(pthread_mutex_unlock)(mutex);
}

/* ---- spin locks ---- */

#define SPINS_BETWEEN_LOOKS 4096

#ifndef FL_STATIC /* a static C library has no other name for it */
FL_INTERCEPT(int, pthread_spin_init, pthread_spin_init, (pthread_spinlock_t * lock, int shared))
{
	int rc;

	fl_misuse_init(lock, FL_HERE);
	rc = FL_REAL(pthread_spin_init)(lock, shared);
	if (!rc)
		fl_lock_created(lock, FL_HERE);
	return rc;
}
#endif

FL_INTERCEPT(int, pthread_spin_trylock, __pthread_spin_trylock, (pthread_spinlock_t * lock))
{
	return fl_lock_result(
		FL_REAL(pthread_spin_trylock)(lock), lock, FL_LOCK_SPIN | FL_LOCK_TRIED, FL_HERE);
}

static const struct fl_lock_way spin_way;

static int spin_until(void *lock, const struct timespec *until)
{
	int64_t until_ms = until->tv_sec * 1000 + until->tv_nsec / 1000000;

	for (;;) {
		for (int i = 0; i < SPINS_BETWEEN_LOOKS; i++)
			if (!FL_REAL(pthread_spin_trylock)(lock))
				return 0;
		if (fl_sys_now_ms() >= until_ms)
			return ETIMEDOUT;
	}
}

FL_INTERCEPT(int, pthread_spin_lock, __pthread_spin_lock, (pthread_spinlock_t * lock))
{
	int rc = FL_REAL(pthread_spin_trylock)(lock);

	if (__builtin_expect(rc == EBUSY, 0))
		rc = fl_lock_wait(lock, FL_LOCK_SPIN, &spin_way, FL_HERE);
	return fl_lock_result(rc, lock, FL_LOCK_SPIN, FL_HERE);
}

static int spin_for_ever(void *lock)
{
	return FL_REAL(pthread_spin_lock)(lock);
}

static const struct fl_lock_way spin_way = {spin_until, spin_for_ever};

FL_INTERCEPT(int, pthread_spin_unlock, __pthread_spin_unlock, (pthread_spinlock_t * lock))
{
	if (__builtin_expect(!fl_lock_giving(lock, FL_HERE), 0))
		fl_misuse_unlock(lock, FL_LOCK_SPIN, FL_HERE);
	return FL_REAL(pthread_spin_unlock)(lock);
}

FL_INTERCEPT(int, pthread_spin_destroy, __pthread_spin_destroy, (pthread_spinlock_t * lock))
{
	int rc;

	fl_misuse_destroy(lock, FL_HERE);
	rc = FL_REAL(pthread_spin_destroy)(lock);
	if (!rc)
		fl_lock_destroyed(lock, sizeof(*lock));
	return rc;
}
