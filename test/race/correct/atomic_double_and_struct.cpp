// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Atomics that are not integers: floating point sums by compare-and-exchange, pairs of 16 bytes, pointers.
#include <atomic>

#include "correct.h"

struct range {
	long low, high;
};

static std::atomic<double> sum{0};
static std::atomic<int *> cursor;

int main()
{
	std::atomic<range> widest(range{0, 0});
	std::vector<int> cells(400);
	cursor = cells.data();
	in_threads(4, [&](int me) {
		for (int n = 0; n < 100; n++) {
			double old = sum.load(std::memory_order_relaxed);
			while (!sum.compare_exchange_weak(old, old + 0.5, std::memory_order_relaxed)) {
			}
			range seen = widest.load();
			range wider = seen;
			do {
				wider = {std::min(seen.low, -long{n}),
					std::max(seen.high, long{n} * (me + 1))};
			} while (!widest.compare_exchange_strong(seen, wider));
			int *mine = cursor.fetch_add(1, std::memory_order_relaxed);
			*mine += 1;
		}
	});
	REQUIRE(sum == 200.0);
	REQUIRE(widest.load().low == -99 && widest.load().high == 396);
	for (int cell : cells)
		REQUIRE(cell == 1);
	return 0;
}
