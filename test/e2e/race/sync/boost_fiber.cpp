/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * boost_fiber.cpp: what a binary libboost_fiber orders by spin locks of its own.
 */
#include "boost_fiber.h"
#include "pairs.h"

#include <cstdlib>

static boost::fibers::mutex lock[2];
static boost::fibers::timed_mutex timed[2];
static boost::fibers::barrier one[3] = {
	boost::fibers::barrier(2), boost::fibers::barrier(1), boost::fibers::barrier(1)};

static void lock_first(int o)
{
	lock[o].lock();
	shared++;
	lock[o].unlock();
}

static void try_second(int o)
{
	if (!lock[o].try_lock())
		abort();
	shared++;
	lock[o].unlock();
}

static void timed_both(int o)
{
	if (!timed[o].try_lock_until_(std::chrono::steady_clock::time_point::max()))
		abort();
	shared++;
	timed[o].unlock();
}

/* In the racy twin each is alone at a barrier. */
static void barrier_first(int)
{
	shared++;
	one[2 * pair_racy].wait();
}

static void barrier_second(int o)
{
	one[o].wait();
	shared++;
}

static const struct pair pairs[] = {
	{"fiber_mutex", lock_first, lock_first, 0},
	{"fiber_mutex_try", lock_first, try_second, 0},
	{"fiber_timed_mutex", timed_both, timed_both, 0},
	{"fiber_barrier", barrier_first, barrier_second, 1},
	{},
};

int main(int argc, char **argv)
{
	return pair_run(pairs, argc, argv);
}
