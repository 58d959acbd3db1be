// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The standard library's own parallel algorithms, on the threads of its back end.
#include <algorithm>
#include <atomic>
#include <execution>
#include <functional>
#include <numeric>

#include "correct.h"

int main()
{
	std::vector<int> numbers(20000);
	std::iota(numbers.begin(), numbers.end(), 0);
	std::for_each(
		std::execution::par, numbers.begin(), numbers.end(), [](int &n) { n = (n * 7919) % 20011; });
	std::atomic<int> even{0};
	std::for_each(
		std::execution::par, numbers.begin(), numbers.end(), [&](int n) { even += n % 2 == 0; });
	std::sort(std::execution::par, numbers.begin(), numbers.end());
	REQUIRE(std::is_sorted(numbers.begin(), numbers.end()));
	long sum = std::reduce(std::execution::par, numbers.begin(), numbers.end(), 0L, std::plus<long>());
	REQUIRE(sum == std::accumulate(numbers.begin(), numbers.end(), 0L));
	REQUIRE(even == std::count_if(numbers.begin(), numbers.end(), [](int n) { return n % 2 == 0; }));
	return 0;
}
