/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 * Lambdas: generic, recursive, with captures that compute, in default arguments, as conditions. */
#include "log.h"
#include <functional>

template <typename F> static int twice(F work)
{
	T; int x = work(1);
	T; return x + work(2);
}

static int by_default(int n, std::function<int(int)> f = [](int x) {
	T; return x + 1;
})
{
	T; return f(n);
}

int main()
{
	T; int base = 3, made = 0;
	auto adds = [base, start = ++made](int n) {
		T; return n + base + start;
	};
	auto generic = [&](auto n) {
		T; if (C(0, sizeof(n) == 4)) {
			T; return 4;
		}
		T; made++;
		T; return 8;
	};
	std::function<int(int)> factorial = [&](int n) {
		T; if (C(1, n < 2)) {
			T; return 1;
		}
		T; return n * factorial(n - 1);
	};
	T; int x = twice(adds);
	T; x += generic(1) + generic(2L) + generic('c');
	T; x += factorial(5);
	T; x += by_default(1);
	T; x += by_default(1, adds);
	T; x += [&] {
		T; return made;
	}();
	auto throws = [](int n) {
		T; if (C(2, n)) {
			T; throw n;
		}
		T; return 0;
	};
	try {
		T; x += throws(0);
		T; x += throws(1);
		T; x = 0;
	} catch (int) {
		T; x++;
	}
	T; return x == 0;
}
