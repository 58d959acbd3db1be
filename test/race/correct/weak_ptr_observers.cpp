// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Observers look through weak_ptr while the owner lets go: they see the whole object or none.
#include <atomic>
#include <memory>
#include <string>

#include "correct.h"

struct subject {
	std::string name = "subject of many eyes, too long for the small buffer";
	int value = 7;
	~subject()
	{
		value = 0;
	}
};

int main()
{
	for (int round = 0; round < 50; round++) {
		auto owner = std::make_shared<subject>();
		std::weak_ptr<subject> seen = owner;
		std::atomic<int> looking{0};
		in_threads(4, [&](int me) {
			if (me == 0) {
				while (looking.load() == 0)
					std::this_thread::yield();
				owner.reset();
				return;
			}
			std::weak_ptr<subject> mine = seen;
			looking++;
			while (auto held = mine.lock())
				REQUIRE(held->value == 7 && held->name.size() == 51);
		});
		REQUIRE(seen.expired());
	}
	return 0;
}
