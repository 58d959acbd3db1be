// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Local statics are made by the first thread that comes by, and by the next one when that throws.
#include <atomic>
#include <map>
#include <string>

#include "correct.h"

static std::atomic<int> tries{0};

struct registry {
	std::map<std::string, int> entries;
	registry()
	{
		if (tries++ < 2)
			throw 1;
		for (int n = 0; n < 40; n++)
			entries["entry number " + std::to_string(n)] = n;
	}
};

static const registry &get()
{
	static registry only;
	return only;
}

template <int N> static int *numbered()
{
	static int *number = new int(N);
	return number;
}

int main()
{
	in_threads(6, [](int) {
		for (;;) {
			try {
				REQUIRE(get().entries.at("entry number 39") == 39);
				break;
			} catch (int) {
			}
		}
		REQUIRE(*numbered<1>() + *numbered<2>() + *numbered<3>() == 6);
	});
	REQUIRE(tries == 3);
	delete numbered<1>();
	delete numbered<2>();
	delete numbered<3>();
	return 0;
}
