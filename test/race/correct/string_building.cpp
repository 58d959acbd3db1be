// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Strings are built, copied, shared as constants, swapped under a lock and sorted at the end.
#include <algorithm>
#include <mutex>
#include <string>
#include <string_view>

#include "correct.h"

static const std::string prefix = "a prefix that all of the threads read at the same time: ";

int main()
{
	std::mutex lock;
	std::string longest;
	std::vector<std::string> all(4);
	in_threads(4, [&](int me) {
		std::string &mine = all[me];
		for (int n = 0; n < 300; n++) {
			std::string_view piece = std::string_view(prefix).substr(n % prefix.size(), 1 + me);
			mine.append(piece);
			mine += std::to_string(n);
			if (n % 50 == 49) {
				std::string copy = prefix + mine;
				std::lock_guard<std::mutex> hold(lock);
				if (copy.size() > longest.size())
					longest.swap(copy);
			}
		}
	});
	auto most = std::max_element(
		all.begin(), all.end(), [](auto &a, auto &b) { return a.size() < b.size(); });
	REQUIRE(longest.size() == prefix.size() + most->size());
	REQUIRE(longest.compare(0, prefix.size(), prefix) == 0);
	return 0;
}
