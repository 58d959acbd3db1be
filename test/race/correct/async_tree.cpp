// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// A sum by std::async, halved until it is small; leaves write their part of one vector.
#include <future>
#include <numeric>

#include "correct.h"

static long sum(std::vector<long> &numbers, size_t from, size_t to)
{
	if (to - from <= 500) {
		for (size_t n = from; n < to; n++)
			numbers[n] += 1;
		return std::accumulate(numbers.begin() + from, numbers.begin() + to, 0L);
	}
	size_t middle = (from + to) / 2;
	auto left = std::async(std::launch::async, sum, std::ref(numbers), from, middle);
	auto later = std::async(std::launch::deferred, [] { return 0L; });
	long right = sum(numbers, middle, to);
	return left.get() + right + later.get();
}

int main()
{
	std::vector<long> numbers(8000);
	std::iota(numbers.begin(), numbers.end(), 0L);
	REQUIRE(sum(numbers, 0, numbers.size()) == 8000L * 8001 / 2);
	REQUIRE(numbers[7999] == 8000);
	return 0;
}
