// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Four stages, each a thread, with queues between them; the text is changed in place as it passes.
#include <algorithm>
#include <condition_variable>
#include <memory>
#include <mutex>
#include <queue>
#include <string>

#include "correct.h"

using item = std::unique_ptr<std::string>;

class channel
{
      public:
	void send(item what)
	{
		{
			std::lock_guard<std::mutex> hold(lock);
			items.push(std::move(what));
		}
		filled.notify_one();
	}
	item receive()
	{
		std::unique_lock<std::mutex> hold(lock);
		filled.wait(hold, [this] { return !items.empty(); });
		item first = std::move(items.front());
		items.pop();
		return first;
	}

      private:
	std::mutex lock;
	std::condition_variable filled;
	std::queue<item> items;
};

int main()
{
	channel between[3];
	int count = 0;
	size_t letters = 0;
	in_threads(4, [&](int stage) {
		if (stage == 0) {
			for (int n = 0; n < 500; n++)
				between[0].send(std::make_unique<std::string>(10 + n % 30, 'a'));
			between[0].send(nullptr);
			return;
		}
		while (item got = between[stage - 1].receive()) {
			if (stage == 1)
				std::replace(got->begin(), got->end(), 'a', 'b');
			if (stage == 2)
				*got += *got;
			if (stage == 3) {
				count++;
				letters += std::count(got->begin(), got->end(), 'b');
			} else {
				between[stage].send(std::move(got));
			}
		}
		if (stage < 3)
			between[stage].send(nullptr);
	});
	size_t expected = 0;
	for (int n = 0; n < 500; n++)
		expected += 2 * (10 + n % 30);
	REQUIRE(count == 500 && letters == expected);
	return 0;
}
