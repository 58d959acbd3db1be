// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// A latch opens the gate for all, another says that all are done; a thread waits that did not work.
#include <latch>
#include <numeric>

#include "correct.h"

int main()
{
	const int workers = 4;
	std::latch gate(1), done(workers);
	std::vector<int> input, output(workers);
	std::thread watcher([&] {
		done.wait();
		REQUIRE(std::accumulate(output.begin(), output.end(), 0) == workers * 4950);
	});
	std::vector<std::thread> threads;
	for (int n = 0; n < workers; n++) {
		threads.emplace_back([&, n] {
			gate.wait();
			output[n] = std::accumulate(input.begin(), input.end(), 0);
			done.count_down();
		});
	}
	input.resize(100);
	std::iota(input.begin(), input.end(), 0);
	gate.count_down();
	done.wait();
	REQUIRE(output[workers - 1] == 4950);
	for (auto &thread : threads)
		thread.join();
	watcher.join();
	return 0;
}
