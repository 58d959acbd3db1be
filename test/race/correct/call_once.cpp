// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// std::call_once: the first call throws, a later one fills the table, and all read it.
#include <mutex>

#include "correct.h"

int main()
{
	for (int round = 0; round < 40; round++) {
		std::once_flag once;
		std::vector<int> table;
		int calls = 0;
		in_threads(4, [&](int) {
			for (bool made = false; !made;) {
				try {
					std::call_once(once, [&] {
						if (++calls == 1)
							throw 1;
						for (int n = 0; n < 100; n++)
							table.push_back(n * n);
					});
					made = true;
				} catch (int) {
				}
			}
			REQUIRE(table.size() == 100 && table[99] == 9801);
		});
		REQUIRE(calls == 2);
	}
	return 0;
}
