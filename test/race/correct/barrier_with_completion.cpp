// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// std::barrier: threads fill their rows, the completion step adds them up alone, and all read the sum.
#include <barrier>

#include "correct.h"

int main()
{
	const int threads = 4, rounds = 60;
	std::vector<std::vector<long>> rows(threads, std::vector<long>(50));
	long sum = 0;
	int completions = 0;
	std::barrier meet(threads, [&]() noexcept {
		sum = 0;
		for (auto &row : rows)
			for (long cell : row)
				sum += cell;
		completions++;
	});
	in_threads(threads, [&](int me) {
		for (long round = 1; round <= rounds; round++) {
			for (long &cell : rows[me])
				cell = round;
			meet.arrive_and_wait();
			REQUIRE(sum == round * threads * 50);
			meet.arrive_and_wait();
		}
		meet.arrive_and_drop();
	});
	REQUIRE(completions == 2 * rounds + 1);
	return 0;
}
