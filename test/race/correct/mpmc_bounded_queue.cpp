// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Vyukov's bounded queue: every slot has a ticket that says whose turn it is.
#include <atomic>
#include <memory>

#include "correct.h"

struct slot {
	std::atomic<unsigned> turn;
	std::unique_ptr<int> value;
};

static slot ring[32];
static std::atomic<unsigned> in{0}, out{0};

static slot *claim(std::atomic<unsigned> &end, unsigned ready, unsigned &at)
{
	at = end.load(std::memory_order_relaxed);
	for (;;) {
		slot *here = &ring[at % 32];
		int ahead = static_cast<int>(here->turn.load(std::memory_order_acquire) - (at + ready));
		if (ahead == 0 && end.compare_exchange_weak(at, at + 1, std::memory_order_relaxed))
			return here;
		if (ahead != 0) {
			std::this_thread::yield();
			at = end.load(std::memory_order_relaxed);
		}
	}
}

static void push(int value)
{
	unsigned at;
	slot *here = claim(in, 0, at);
	here->value.reset(new int(value));
	here->turn.store(at + 1, std::memory_order_release);
}

static int pop()
{
	unsigned at;
	slot *here = claim(out, 1, at);
	std::unique_ptr<int> got = std::move(here->value);
	here->turn.store(at + 32, std::memory_order_release);
	return *got;
}

int main()
{
	for (unsigned n = 0; n < 32; n++)
		ring[n].turn.store(n, std::memory_order_relaxed);
	std::atomic<long> sum{0};
	in_threads(4, [&](int me) {
		for (int n = 0; n < 1500; n++) {
			if (me < 2)
				push(n);
			else
				sum.fetch_add(pop(), std::memory_order_relaxed);
		}
	});
	REQUIRE(sum == 2L * 1500 * 1499 / 2);
	return 0;
}
