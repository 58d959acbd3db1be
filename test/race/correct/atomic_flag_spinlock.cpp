// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// A spin lock made of std::atomic_flag, used with std::lock_guard around a hash table.
#include <atomic>
#include <mutex>
#include <unordered_map>

#include "correct.h"

class spinlock
{
      public:
	void lock()
	{
		while (flag.test_and_set(std::memory_order_acquire)) {
			while (flag.test(std::memory_order_relaxed))
				std::this_thread::yield();
		}
	}
	void unlock()
	{
		flag.clear(std::memory_order_release);
	}

      private:
	std::atomic_flag flag = ATOMIC_FLAG_INIT;
};

int main()
{
	spinlock lock;
	std::unordered_map<int, int> table;
	in_threads(4, [&](int me) {
		for (int n = 0; n < 1000; n++) {
			std::lock_guard<spinlock> hold(lock);
			table[(n * 37 + me) % 101]++;
			if (n % 100 == 0)
				table.rehash(0);
		}
	});
	int sum = 0;
	for (auto &[key, count] : table)
		sum += count;
	REQUIRE(sum == 4000);
	return 0;
}
