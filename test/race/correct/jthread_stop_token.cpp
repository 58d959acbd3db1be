// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// jthreads that stop when they are asked, a callback on the stop, and a wait that the stop ends.
#include <atomic>
#include <condition_variable>
#include <mutex>
#include <stop_token>

#include "correct.h"

int main()
{
	for (int round = 0; round < 20; round++) {
		std::mutex lock;
		std::condition_variable_any changed;
		std::vector<int> log;
		bool called = false;
		std::atomic<int> spun{0};
		{
			std::jthread waiter([&](std::stop_token stop) {
				std::unique_lock<std::mutex> hold(lock);
				changed.wait(hold, stop, [] { return false; });
				log.push_back(1);
			});
			std::jthread spinner([&](std::stop_token stop) {
				std::vector<int> own;
				while (!stop.stop_requested())
					own.push_back(spun++);
				std::lock_guard<std::mutex> hold(lock);
				log.push_back(2);
			});
			std::stop_callback callback(waiter.get_stop_token(), [&] { called = true; });
			while (spun < 10)
				std::this_thread::yield();
			waiter.request_stop();
			REQUIRE(called);
		}
		REQUIRE(log.size() == 2 && log[0] + log[1] == 3);
	}
	return 0;
}
