// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// A bounded buffer with two condition variables, three producers and two consumers.
#include <condition_variable>
#include <deque>
#include <mutex>
#include <optional>
#include <string>

#include "correct.h"

class buffer
{
      public:
	void put(std::string item)
	{
		std::unique_lock<std::mutex> hold(lock);
		not_full.wait(hold, [this] { return items.size() < 5; });
		items.push_back(std::move(item));
		hold.unlock();
		not_empty.notify_one();
	}
	std::optional<std::string> get()
	{
		std::unique_lock<std::mutex> hold(lock);
		not_empty.wait(hold, [this] { return !items.empty() || closed; });
		if (items.empty())
			return std::nullopt;
		std::string item = std::move(items.front());
		items.pop_front();
		hold.unlock();
		not_full.notify_one();
		return item;
	}
	void close()
	{
		std::lock_guard<std::mutex> hold(lock);
		closed = true;
		not_empty.notify_all();
	}

      private:
	std::mutex lock;
	std::condition_variable not_full, not_empty;
	std::deque<std::string> items;
	bool closed = false;
};

int main()
{
	buffer between;
	size_t length[2] = {0, 0};
	std::thread consumers[2];
	for (int n = 0; n < 2; n++) {
		consumers[n] = std::thread([&, n] {
			while (auto item = between.get())
				length[n] += item->size();
		});
	}
	in_threads(3, [&](int me) {
		for (int n = 0; n < 300; n++)
			between.put(std::string(20 + me, '*'));
	});
	between.close();
	for (auto &consumer : consumers)
		consumer.join();
	REQUIRE(length[0] + length[1] == 300 * (20 + 21 + 22));
	return 0;
}
