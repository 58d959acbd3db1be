/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 * Exceptions that the library throws, through a callback of a C function and back. */
#include "log.h"
#include <cstdlib>
#include <stdexcept>
#include <vector>

static int compare(const void *a, const void *b)
{
	int left = *static_cast<const int *>(a), right = *static_cast<const int *>(b);
	if (left == 13 || right == 13)
		throw std::runtime_error("thirteen"); //= 1
	return left < right ? -1 : left > right;
}

static int sorted(std::vector<int> all)
{
	T; std::qsort(all.data(), all.size(), sizeof(int), compare);
	T; return all.at(0);
}

int main()
{
	T; int x = 0;
	try {
		T; x += sorted({3, 1, 2});
		T; x += sorted({});
		T; x = 100;
	} catch (const std::out_of_range &) {
		T; x++;
	}
	try {
		T; x += sorted({13, 4});
		T; x = 100;
	} catch (const std::runtime_error &) {
		T; x++;
	}
	T; return x == 0;
}
