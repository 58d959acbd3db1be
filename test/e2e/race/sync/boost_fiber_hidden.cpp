/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * boost_fiber_hidden.cpp: a library without the flag in the place of libboost_fiber: the same names, by
 * atomics.
 */
#include "boost_fiber.h"

static bool take(int &taken)
{
	return !__atomic_exchange_n(&taken, 1, __ATOMIC_ACQUIRE);
}

void boost::fibers::mutex::lock()
{
	while (!take(taken))
		;
}

bool boost::fibers::mutex::try_lock()
{
	return take(taken);
}

void boost::fibers::mutex::unlock()
{
	__atomic_store_n(&taken, 0, __ATOMIC_RELEASE);
}

bool boost::fibers::timed_mutex::try_lock_until_(const std::chrono::steady_clock::time_point &) noexcept
{
	return take(taken);
}

void boost::fibers::timed_mutex::unlock()
{
	__atomic_store_n(&taken, 0, __ATOMIC_RELEASE);
}

bool boost::fibers::barrier::wait()
{
	size_t now = __atomic_load_n(&phase, __ATOMIC_ACQUIRE);

	if (__atomic_add_fetch(&waiting, 1, __ATOMIC_ACQ_REL) % count == 0)
		return __atomic_fetch_add(&phase, 1, __ATOMIC_ACQ_REL) == now;
	while (__atomic_load_n(&phase, __ATOMIC_ACQUIRE) == now)
		;
	return false;
}
