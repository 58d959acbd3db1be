// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// A queue lock: each waiter spins on a flag in its own frame, which its predecessor clears.
#include <atomic>

#include "correct.h"

struct waiter {
	std::atomic<waiter *> next{nullptr};
	std::atomic<bool> blocked{true};
};

static std::atomic<waiter *> tail{nullptr};

static void lock(waiter &me)
{
	waiter *before = tail.exchange(&me, std::memory_order_acq_rel);
	if (!before)
		return;
	before->next.store(&me, std::memory_order_release);
	while (me.blocked.load(std::memory_order_acquire))
		std::this_thread::yield();
}

static void unlock(waiter &me)
{
	waiter *after = me.next.load(std::memory_order_acquire);
	if (!after) {
		waiter *expected = &me;
		if (tail.compare_exchange_strong(
			    expected, nullptr, std::memory_order_release, std::memory_order_relaxed))
			return;
		while (!(after = me.next.load(std::memory_order_acquire)))
			std::this_thread::yield();
	}
	after->blocked.store(false, std::memory_order_release);
}

int main()
{
	std::vector<int> log;
	in_threads(3, [&](int me) {
		for (int n = 0; n < 400; n++) {
			waiter frame;
			lock(frame);
			log.push_back(me);
			unlock(frame);
		}
	});
	REQUIRE(log.size() == 1200);
	return 0;
}
