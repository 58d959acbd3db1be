// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Made once by whoever comes first: the pointer is released under the lock and acquired without it.
#include <atomic>
#include <mutex>
#include <string>

#include "correct.h"

struct service {
	std::vector<std::string> names{"alpha", "beta", "a name that does not fit into the object itself"};
	int made_by;
};

static std::atomic<service *> instance{nullptr};
static std::mutex lock;
static int made;

static service &get(int me)
{
	service *found = instance.load(std::memory_order_acquire);
	if (!found) {
		std::lock_guard<std::mutex> hold(lock);
		found = instance.load(std::memory_order_relaxed);
		if (!found) {
			found = new service;
			found->made_by = me;
			made++;
			instance.store(found, std::memory_order_release);
		}
	}
	return *found;
}

int main()
{
	for (int round = 0; round < 50; round++) {
		in_threads(4, [](int me) { REQUIRE(get(me).names[2].size() == 47 && get(me).made_by < 4); });
		delete instance.exchange(nullptr);
	}
	REQUIRE(made == 50);
	return 0;
}
