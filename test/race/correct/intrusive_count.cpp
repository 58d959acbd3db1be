// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// References counted in the object: a relaxed increment, a released decrement, and a fence before the end.
#include <atomic>
#include <mutex>
#include <string>

#include "correct.h"

struct object {
	std::atomic<int> references{1};
	std::string text = "a text that is long enough to live on the heap";
	int uses[4] = {};
};

static object *hold(object *what)
{
	what->references.fetch_add(1, std::memory_order_relaxed);
	return what;
}

static void drop(object *what)
{
	if (what->references.fetch_sub(1, std::memory_order_release) == 1) {
		std::atomic_thread_fence(std::memory_order_acquire);
		what->text.clear();
		for (int used : what->uses)
			REQUIRE(used == 0 || used == 20);
		delete what;
	}
}

int main()
{
	for (int round = 0; round < 60; round++) {
		object *shared = new object;
		for (int n = 0; n < 4; n++)
			hold(shared);
		in_threads(4, [shared](int me) {
			object *mine = hold(shared);
			drop(shared);
			for (int n = 0; n < 20; n++)
				mine->uses[me] += mine->text.size() > 40;
			drop(mine);
		});
		drop(shared);
	}
	return 0;
}
