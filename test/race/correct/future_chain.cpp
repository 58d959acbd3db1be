// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Each thread waits for the one before it and gives the next a vector through a promise.
#include <future>

#include "correct.h"

int main()
{
	const int length = 12;
	std::vector<std::promise<std::vector<int>>> links(length + 1);
	std::vector<std::future<std::vector<int>>> ends;
	for (auto &link : links)
		ends.push_back(link.get_future());
	links[0].set_value({0});
	in_threads(length, [&](int me) {
		std::vector<int> got = ends[me].get();
		got.push_back(got.back() + me);
		links[me + 1].set_value(std::move(got));
	});
	std::vector<int> last = ends[length].get();
	REQUIRE(last.size() == length + 1);
	REQUIRE(last.back() == length * (length - 1) / 2);

	std::promise<int> one;
	std::shared_future<int> many = one.get_future().share();
	int answer = 0;
	std::thread asker([&] {
		answer = 42;
		one.set_value(1);
	});
	in_threads(3, [many, &answer](int) { REQUIRE(many.get() == 1 && answer == 42); });
	asker.join();
	return 0;
}
