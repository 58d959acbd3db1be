// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Two locks at a time by std::scoped_lock, std::lock with adoption, and try_lock in turns.
#include <mutex>

#include "correct.h"

int main()
{
	const int seats = 5;
	std::mutex forks[seats];
	int used[seats] = {};
	in_threads(seats, [&](int me) {
		int left = me, right = (me + 1) % seats;
		for (int n = 0; n < 200; n++) {
			if (n % 3 == 0) {
				std::scoped_lock both(forks[left], forks[right]);
				used[left]++;
				used[right]++;
			} else if (n % 3 == 1) {
				std::lock(forks[left], forks[right]);
				std::lock_guard<std::mutex> one(forks[left], std::adopt_lock);
				std::lock_guard<std::mutex> two(forks[right], std::adopt_lock);
				used[left]++;
				used[right]++;
			} else {
				std::unique_lock<std::mutex> one(forks[left], std::defer_lock),
					two(forks[right], std::defer_lock);
				while (std::try_lock(one, two) != -1)
					std::this_thread::yield();
				used[left]++;
				used[right]++;
			}
		}
	});
	for (int count : used)
		REQUIRE(count == 400);
	return 0;
}
