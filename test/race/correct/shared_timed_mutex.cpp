// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// std::shared_timed_mutex and std::timed_mutex with time limits that are long enough, and some that are not.
#include <chrono>
#include <mutex>
#include <shared_mutex>

#include "correct.h"

using namespace std::chrono_literals;

int main()
{
	std::shared_timed_mutex lock;
	std::timed_mutex other;
	long pair[2] = {0, 0}, count = 0;
	in_threads(4, [&](int me) {
		for (int n = 0; n < 100; n++) {
			if ((n + me) % 4 == 0) {
				std::unique_lock<std::shared_timed_mutex> hold(lock, std::defer_lock);
				while (!hold.try_lock_for(50us)) {
				}
				pair[0]++;
				pair[1]--;
			} else {
				std::shared_lock<std::shared_timed_mutex> hold(
					lock, std::chrono::system_clock::now() + 100s);
				REQUIRE(hold && pair[0] == -pair[1]);
			}
			std::unique_lock<std::timed_mutex> hold(
				other, std::chrono::steady_clock::now() + 100s);
			REQUIRE(hold);
			count++;
		}
	});
	REQUIRE(pair[0] == 100 && count == 400);
	return 0;
}
