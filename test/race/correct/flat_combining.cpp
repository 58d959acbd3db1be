// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Threads leave requests in slots of their own; who gets the lock serves all of them and hands the answers
// back.
#include <atomic>
#include <mutex>
#include <queue>

#include "correct.h"

struct alignas(64) request {
	std::atomic<int> state{0}; // 0 idle, 1 asked, 2 answered
	int number = 0;
	int answer = 0;
};

static request slots[4];
static std::mutex lock;
static std::priority_queue<int> shared;

static int exchange(request &mine, int number)
{
	mine.number = number;
	mine.state.store(1, std::memory_order_release);
	while (mine.state.load(std::memory_order_acquire) != 2) {
		std::unique_lock<std::mutex> hold(lock, std::try_to_lock);
		if (!hold) {
			std::this_thread::yield();
			continue;
		}
		for (auto &slot : slots) {
			if (slot.state.load(std::memory_order_acquire) != 1)
				continue;
			shared.push(slot.number);
			slot.answer = shared.top();
			shared.pop();
			slot.state.store(2, std::memory_order_release);
		}
	}
	mine.state.store(0, std::memory_order_relaxed);
	return mine.answer;
}

int main()
{
	long put[4] = {}, got[4] = {};
	shared.push(0);
	in_threads(4, [&](int me) {
		for (int n = 1; n <= 500; n++) {
			put[me] += n * 4 + me;
			got[me] += exchange(slots[me], n * 4 + me);
		}
	});
	REQUIRE(shared.size() == 1);
	REQUIRE(put[0] + put[1] + put[2] + put[3] == got[0] + got[1] + got[2] + got[3] + shared.top());
	return 0;
}
