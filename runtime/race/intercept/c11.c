/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * c11.c: the mutexes of <threads.h>, which call the C library's own by names that nobody can stand before.
 * thrd_success is 0. Conditions are in cond.c, call_once in once.c, threads in core/.
 */
#include "race/intercept.h"
#include "race/misuse.h"

FL_INTERCEPT(int, mtx_init, __mtx_init, (mtx_t * mutex, int kind))
{
	int rc;

	fl_misuse_init(mutex, FL_HERE);
	rc = FL_REAL(mtx_init)(mutex, kind);
	if (!rc)
		fl_lock_created(mutex, FL_HERE);
	return rc;
}

FL_INTERCEPT(int, mtx_trylock, __mtx_trylock, (mtx_t * mutex))
{
	return fl_lock_result(FL_REAL(mtx_trylock)(mutex), mutex, FL_LOCK_MUTEX | FL_LOCK_TRIED, FL_HERE);
}

FL_INTERCEPT(
	int, mtx_timedlock, ___mtx_timedlock, (mtx_t *restrict mutex, const struct timespec *restrict until))
{
	return fl_lock_result(
		FL_REAL(mtx_timedlock)(mutex, until), mutex, FL_LOCK_MUTEX | FL_LOCK_TRIED, FL_HERE);
}

FL_INTERCEPT(int, mtx_lock, __mtx_lock, (mtx_t * mutex))
{
	int rc = FL_REAL(mtx_trylock)(mutex);

	if (__builtin_expect(rc == thrd_busy, 0))
		rc = fl_lock_wait(mutex, FL_LOCK_MUTEX, &fl_mutex_way, FL_HERE) ? thrd_error : thrd_success;
	return fl_lock_result(rc, mutex, FL_LOCK_MUTEX, FL_HERE);
}

FL_INTERCEPT(int, mtx_unlock, __mtx_unlock, (mtx_t * mutex))
{
	if (__builtin_expect(!fl_lock_giving(mutex, FL_HERE), 0))
		fl_misuse_unlock(mutex, FL_LOCK_MUTEX, FL_HERE);
	return FL_REAL(mtx_unlock)(mutex);
}

FL_INTERCEPT(void, mtx_destroy, __mtx_destroy, (mtx_t * mutex))
{
	if (__builtin_expect(!fl_sys_mutex_is_valid(mutex), 0))
		fl_misuse_destroy_invalid(mutex, FL_HERE);
	else if (__builtin_expect(fl_sys_mutex_is_locked(mutex), 0))
		fl_misuse_destroy(mutex, FL_HERE);
	FL_REAL(mtx_destroy)(mutex);
	fl_lock_destroyed(mutex, sizeof(*mutex));
}
