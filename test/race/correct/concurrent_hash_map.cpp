// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// A hash map with a lock per stripe; its size is an atomic, and growing takes all of the locks.
#include <array>
#include <atomic>
#include <list>
#include <mutex>
#include <string>

#include "correct.h"

class striped_map
{
      public:
	void add(const std::string &key, long amount)
	{
		size_t hash = std::hash<std::string>()(key);
		{
			std::lock_guard<std::mutex> hold(locks[hash % locks.size()]);
			auto &bucket = buckets[hash % buckets.size()];
			for (auto &[name, value] : bucket) {
				if (name == key) {
					value += amount;
					return;
				}
			}
			bucket.emplace_back(key, amount);
		}
		if (size.fetch_add(1, std::memory_order_relaxed) % 64 == 63)
			grow();
	}
	long sum()
	{
		long total = 0;
		for (auto &bucket : buckets)
			for (auto &entry : bucket)
				total += entry.second;
		return total;
	}

      private:
	void grow()
	{
		for (auto &lock : locks)
			lock.lock();
		std::vector<std::list<std::pair<std::string, long>>> bigger(buckets.size() * 2);
		for (auto &bucket : buckets)
			for (auto &entry : bucket)
				bigger[std::hash<std::string>()(entry.first) % bigger.size()].push_back(
					std::move(entry));
		buckets.swap(bigger);
		for (auto &lock : locks)
			lock.unlock();
	}
	std::array<std::mutex, 8> locks; // the number of buckets stays a multiple of theirs
	std::vector<std::list<std::pair<std::string, long>>> buckets{16};
	std::atomic<size_t> size{0};
};

int main()
{
	striped_map map;
	in_threads(4, [&](int me) {
		for (int n = 0; n < 500; n++)
			map.add("key number " + std::to_string((n * 7 + me * 13) % 300), 1);
	});
	REQUIRE(map.sum() == 2000);
	return 0;
}
