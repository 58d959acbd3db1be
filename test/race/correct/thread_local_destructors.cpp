// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Each thread counts in an object of its own, whose destructor adds to the total at the thread's end.
#include <mutex>
#include <unordered_map>

#include "correct.h"

static std::mutex lock;
static std::unordered_map<int, long> total;

struct tally {
	std::unordered_map<int, long> counts;
	~tally()
	{
		std::lock_guard<std::mutex> hold(lock);
		for (auto &[key, count] : counts)
			total[key] += count;
	}
};

static thread_local tally mine;
static thread_local std::vector<int> scratch(100);

int main()
{
	for (int round = 0; round < 10; round++) {
		in_threads(5, [](int me) {
			for (int n = 0; n < 500; n++) {
				scratch[n % 100] += me;
				mine.counts[n % 7]++;
			}
			REQUIRE(scratch[99] == 5 * me);
		});
	}
	long sum = 0;
	for (auto &[key, count] : total)
		sum += count;
	REQUIRE(sum == 10 * 5 * 500);
	return 0;
}
