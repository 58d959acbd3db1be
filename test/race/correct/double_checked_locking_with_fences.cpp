// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The same with a relaxed pointer and fences, as it was written before acquire loads were cheap everywhere.
#include <atomic>
#include <mutex>

#include "correct.h"

struct table {
	int squares[64];
};

static std::atomic<table *> instance{nullptr};
static std::mutex lock;

static const table *get()
{
	table *found = instance.load(std::memory_order_relaxed);
	std::atomic_thread_fence(std::memory_order_acquire);
	if (!found) {
		std::lock_guard<std::mutex> hold(lock);
		found = instance.load(std::memory_order_relaxed);
		if (!found) {
			found = new table;
			for (int n = 0; n < 64; n++)
				found->squares[n] = n * n;
			std::atomic_thread_fence(std::memory_order_release);
			instance.store(found, std::memory_order_relaxed);
		}
	}
	return found;
}

int main()
{
	for (int round = 0; round < 50; round++) {
		in_threads(4, [](int) {
			for (int n = 0; n < 64; n++)
				REQUIRE(get()->squares[n] == n * n);
		});
		delete instance.exchange(nullptr);
	}
	return 0;
}
