/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * boost_fiber.c: the locks and the barrier of libboost_fiber.so, which are made of spin locks and a scheduler
 * out of the pass's sight. All else of Boost.Fiber (conditions, channels, futures) is in its headers, and
 * made of these.
 *
 * A fiber may take a lock in one thread and go on in another, so these order, and are no locks that a thread
 * holds.
 */
#include "race/intercept.h"
#include "race/race.h"
#include "race/touch.h"

#define FIBER_THREADS                                                                                        \
	if (fl_race_concurrent)                                                                              \
	FL_RACE_INSIDE

/* `before` and `after` the library's function, which returns `got`. */
#define FIBER(result, name, parameters, arguments, before, after)                                            \
	FL_INTERCEPT_LOADED(result, name, parameters)                                                        \
	{                                                                                                    \
		result got;                                                                                  \
                                                                                                             \
		before got = FL_REAL_LATE(name) arguments;                                                   \
		after return got;                                                                            \
	}
#define FIBER_TAKES(name)                                                                                    \
	FL_INTERCEPT_LOADED(void, name, (void *lock))                                                        \
	{                                                                                                    \
		FL_REAL_LATE(name)(lock);                                                                    \
		FIBER_THREADS fl_sync_acquire(lock);                                                         \
	}
#define FIBER_TRIES(name)                                                                                    \
	FIBER(bool, name, (void *lock), (lock), , if (got) FIBER_THREADS fl_sync_acquire(lock);)
#define FIBER_WAITS(name)                                                                                    \
	FIBER(bool, name, (void *lock, const void *until), (lock, until), ,                                  \
		if (got) FIBER_THREADS fl_sync_acquire(lock);)
#define FIBER_GIVES(name)                                                                                    \
	FL_INTERCEPT_LOADED(void, name, (void *lock))                                                        \
	{                                                                                                    \
		FIBER_THREADS fl_sync_release(lock);                                                         \
		FL_REAL_LATE(name)(lock);                                                                    \
	}

FIBER_TAKES(_ZN5boost6fibers5mutex4lockEv)
FIBER_TRIES(_ZN5boost6fibers5mutex8try_lockEv)
FIBER_GIVES(_ZN5boost6fibers5mutex6unlockEv)
FIBER_TAKES(_ZN5boost6fibers11timed_mutex4lockEv)
FIBER_TRIES(_ZN5boost6fibers11timed_mutex8try_lockEv)
FIBER_WAITS(
	_ZN5boost6fibers11timed_mutex15try_lock_until_ERKNSt6chrono10time_pointINS2_3_V212steady_clockENS2_8durationIlSt5ratioILl1ELl1000000000EEEEEE)
FIBER_GIVES(_ZN5boost6fibers11timed_mutex6unlockEv)
FIBER_TAKES(_ZN5boost6fibers15recursive_mutex4lockEv)
FIBER_TRIES(_ZN5boost6fibers15recursive_mutex8try_lockEv)
FIBER_GIVES(_ZN5boost6fibers15recursive_mutex6unlockEv)
FIBER_TAKES(_ZN5boost6fibers21recursive_timed_mutex4lockEv)
FIBER_TRIES(_ZN5boost6fibers21recursive_timed_mutex8try_lockEv)
FIBER_WAITS(
	_ZN5boost6fibers21recursive_timed_mutex15try_lock_until_ERKNSt6chrono10time_pointINS2_3_V212steady_clockENS2_8durationIlSt5ratioILl1ELl1000000000EEEEEE)
FIBER_GIVES(_ZN5boost6fibers21recursive_timed_mutex6unlockEv)
FIBER(bool, _ZN5boost6fibers7barrier4waitEv, (void *barrier), (barrier),
	FIBER_THREADS fl_sync_release(barrier);
	, FIBER_THREADS fl_sync_acquire(barrier);)
