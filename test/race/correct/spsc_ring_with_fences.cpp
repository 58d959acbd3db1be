// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The same ring with relaxed indices: only the fences order the slots.
#include <atomic>

#include "correct.h"

struct message {
	int number;
	double square;
};

static message slots[16];
static std::atomic<unsigned> head{0}, tail{0};

static void produce(int count)
{
	for (int n = 0; n < count; n++) {
		unsigned at = head.load(std::memory_order_relaxed);
		while (at - tail.load(std::memory_order_relaxed) == 16)
			std::this_thread::yield();
		std::atomic_thread_fence(std::memory_order_acquire);
		slots[at % 16] = {n, 1.0 * n * n};
		std::atomic_thread_fence(std::memory_order_release);
		head.store(at + 1, std::memory_order_relaxed);
	}
}

static void consume(int count)
{
	for (int n = 0; n < count; n++) {
		unsigned at = tail.load(std::memory_order_relaxed);
		while (head.load(std::memory_order_relaxed) == at)
			std::this_thread::yield();
		std::atomic_thread_fence(std::memory_order_acquire);
		message got = slots[at % 16];
		std::atomic_thread_fence(std::memory_order_release);
		tail.store(at + 1, std::memory_order_relaxed);
		REQUIRE(got.number == n && got.square == 1.0 * n * n);
	}
}

int main()
{
	in_threads(2, [](int me) { me ? produce(5000) : consume(5000); });
	return 0;
}
