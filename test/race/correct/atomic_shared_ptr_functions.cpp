// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// A configuration that is replaced as a whole: readers take std::atomic_load of a shared_ptr.
#include <atomic>
#include <map>
#include <memory>
#include <string>

#include "correct.h"

#pragma clang diagnostic ignored "-Wdeprecated-declarations"

using table = std::map<std::string, int>;

static std::shared_ptr<const table> current = std::make_shared<table>(table{{"a", 0}, {"b", 0}});

int main()
{
	in_threads(4, [](int me) {
		if (me == 0) {
			for (int n = 1; n <= 200; n++)
				std::atomic_store(&current,
					std::shared_ptr<const table>(new table{{"a", n}, {"b", -n}}));
			return;
		}
		for (int last = 0, n = 0; n < 300; n++) {
			auto now = std::atomic_load(&current);
			REQUIRE(now->at("a") == -now->at("b"));
			REQUIRE(now->at("a") >= last);
			last = now->at("a");
		}
	});
	REQUIRE(current->at("a") == 200);
	return 0;
}
