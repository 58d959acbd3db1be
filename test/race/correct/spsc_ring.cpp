// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// One producer, one consumer, a ring of plain slots: release on the index, acquire on the other side.
#include <atomic>
#include <string>

#include "correct.h"

static std::string slots[8];
static std::atomic<unsigned> head{0}, tail{0};

static void produce(int count)
{
	for (int n = 0; n < count; n++) {
		unsigned at = head.load(std::memory_order_relaxed);
		while (at - tail.load(std::memory_order_acquire) == 8)
			std::this_thread::yield();
		slots[at % 8] = std::to_string(n) + " and something that needs the heap";
		head.store(at + 1, std::memory_order_release);
	}
}

static void consume(int count)
{
	for (int n = 0; n < count; n++) {
		unsigned at = tail.load(std::memory_order_relaxed);
		while (head.load(std::memory_order_acquire) == at)
			std::this_thread::yield();
		std::string got = std::move(slots[at % 8]);
		tail.store(at + 1, std::memory_order_release);
		REQUIRE(std::stoi(got) == n);
	}
}

int main()
{
	in_threads(2, [](int me) { me ? produce(3000) : consume(3000); });
	return 0;
}
