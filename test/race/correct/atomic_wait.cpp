// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// std::atomic's wait and notify hand plain data round a ring of threads.
#include <atomic>

#include "correct.h"

int main()
{
	const int threads = 4, laps = 100;
	std::atomic<int> turn{0};
	std::vector<int> visits(threads);
	long token = 0;
	in_threads(threads, [&](int me) {
		for (int lap = 0; lap < laps; lap++) {
			int now;
			while ((now = turn.load(std::memory_order_acquire)) != lap * threads + me)
				turn.wait(now, std::memory_order_acquire);
			token += me;
			visits[me]++;
			turn.store(now + 1, std::memory_order_release);
			turn.notify_all();
		}
	});
	REQUIRE(token == laps * (0 + 1 + 2 + 3) && visits[3] == laps);

	std::atomic_flag done;
	int answer = 0;
	std::thread setter([&] {
		answer = 42;
		done.test_and_set();
		done.notify_one();
	});
	done.wait(false);
	REQUIRE(answer == 42);
	setter.join();
	return 0;
}
