/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * boost_fiber.h: what Boost.Fiber's headers declare of its library, as far as the library orders.
 */
#ifndef BOOST_FIBER_H
#define BOOST_FIBER_H

#include <chrono>
#include <cstddef>

namespace boost::fibers
{

struct mutex {
	int taken = 0;
	void lock();
	bool try_lock();
	void unlock();
};

struct timed_mutex {
	int taken = 0;
	bool try_lock_until_(const std::chrono::steady_clock::time_point &until) noexcept;
	void unlock();
};

struct barrier {
	size_t count, phase = 0, waiting = 0;
	explicit barrier(size_t count) : count(count)
	{
	}
	bool wait();
};

} // namespace boost::fibers
#endif
