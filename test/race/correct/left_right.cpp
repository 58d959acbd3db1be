// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Two copies: readers count themselves in on the one that is shown, the writer changes the other, then swaps.
#include <atomic>
#include <map>
#include <mutex>

#include "correct.h"

static std::map<int, int> copies[2];
static std::atomic<int> shown{0}, reading[2];
static std::mutex writers;

static int look_up(int key)
{
	for (;;) {
		int at = shown.load();
		reading[at].fetch_add(1);
		if (shown.load() == at) {
			auto found = copies[at].find(key);
			int value = found == copies[at].end() ? -1 : found->second;
			reading[at].fetch_sub(1);
			return value;
		}
		reading[at].fetch_sub(1);
	}
}

static void wait_for_readers(int of)
{
	while (reading[of].load() != 0)
		std::this_thread::yield();
}

static void enter(int key, int value)
{
	std::lock_guard<std::mutex> hold(writers);
	int old = shown.load(), other = 1 - old;
	wait_for_readers(other);
	copies[other][key] = value;
	shown.store(other);
	wait_for_readers(old);
	copies[old][key] = value;
}

int main()
{
	in_threads(4, [](int me) {
		for (int n = 0; n < 300; n++) {
			if (me == 0)
				enter(n % 50, n % 50 * 2);
			int value = look_up(n % 50);
			REQUIRE(value == -1 || value == n % 50 * 2);
			if (me)
				std::this_thread::yield();
		}
	});
	REQUIRE(copies[0].size() == 50 && copies[0] == copies[1]);
	return 0;
}
