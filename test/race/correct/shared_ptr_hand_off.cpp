// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Objects go through a locked queue; whoever drops the last reference destroys them, without a lock.
#include <deque>
#include <memory>
#include <mutex>
#include <numeric>

#include "correct.h"

struct parcel {
	std::vector<int> items;
	~parcel()
	{
		items.assign(items.size(), -1);
	}
};

static std::mutex lock;
static std::deque<std::shared_ptr<parcel>> waiting;

int main()
{
	const int count = 400;
	long sums[2] = {0, 0};
	in_threads(4, [&](int me) {
		if (me < 2) {
			for (int n = me; n < count; n += 2) {
				auto made = std::make_shared<parcel>();
				made->items.assign(20, n);
				std::lock_guard<std::mutex> hold(lock);
				waiting.push_back(made);
				waiting.push_back(made);
			}
			return;
		}
		for (int taken = 0; taken < count;) {
			std::shared_ptr<parcel> got;
			{
				std::lock_guard<std::mutex> hold(lock);
				if (!waiting.empty()) {
					got = std::move(waiting.front());
					waiting.pop_front();
				}
			}
			if (got) {
				sums[me - 2] += std::accumulate(got->items.begin(), got->items.end(), 0L);
				taken++;
			} else {
				std::this_thread::yield();
			}
		}
	});
	REQUIRE(sums[0] + sums[1] == 2L * 20 * (count * (count - 1) / 2));
	return 0;
}
