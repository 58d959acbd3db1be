/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 * Range-for, structured bindings, a condition with a declaration, a switch with an initialiser. */
#include "log.h"
#include <map>
#include <string>
#include <vector>

static int each(const std::vector<int> &all)
{
	T; int x = 0;
	for (int n : all) {
		T; if (C(0, n == 3)) {
			T; break;
		}
		T; x += n;
	}
	T; return x;
}

static int pairs(const std::map<std::string, int> &all)
{
	T; int x = 0;
	for (const auto &[name, value] : all) {
		T; x += value + static_cast<int>(name.size());
	}
	T; return x;
}

static int found(const std::map<std::string, int> &all, const char *name)
{
	T; if (auto at = all.find(name); C(1, at != all.end())) {
		T; return at->second;
	}
	T; switch (int n = static_cast<int>(all.size()); n) {
	case 2:
		T; return 22;
	default:
		T; return 0;
	}
}

int main()
{
	T; int x = each({1, 2, 3, 4});
	T; x += each({});
	T; x += each({5, 6});
	T; x += pairs({{"a", 1}, {"bc", 2}});
	T; x += pairs({});
	T; x += found({{"a", 1}, {"b", 2}}, "b");
	T; x += found({{"a", 1}, {"b", 2}}, "c");
	T; x += found({}, "c");
	T; return x == 0;
}
