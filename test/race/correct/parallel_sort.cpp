// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Quicksort: one half goes to a new thread while there is something to gain.
#include <algorithm>

#include "correct.h"

static void sort(int *from, int *to, int depth)
{
	if (to - from < 200 || depth == 0) {
		std::sort(from, to);
		return;
	}
	int pivot = from[(to - from) / 2];
	int *middle = std::partition(from, to, [pivot](int n) { return n < pivot; });
	int *above = std::partition(middle, to, [pivot](int n) { return n == pivot; });
	std::thread left(sort, from, middle, depth - 1);
	sort(above, to, depth - 1);
	left.join();
}

int main()
{
	std::vector<int> numbers(20000);
	unsigned random = 1;
	for (int &number : numbers)
		number = static_cast<int>((random = random * 1664525 + 1013904223) >> 12);
	std::vector<int> copy = numbers;
	sort(numbers.data(), numbers.data() + numbers.size(), 4);
	std::sort(copy.begin(), copy.end());
	REQUIRE(numbers == copy);
	return 0;
}
