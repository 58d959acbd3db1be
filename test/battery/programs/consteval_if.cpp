/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 * `if consteval`, and what asks whether it is computed while compiling. */
// flags: -std=c++2b
// clang: 16 19 22
#include "log.h"
#include <type_traits>

static int run_time(int n)
{
	T; return n + 1;
}

constexpr int asked(int n)
{ //= 3
	if consteval { //= 3
		return n;
	} else {
		return run_time(n); //= 3
	}
}

constexpr int not_asked(int n)
{ //= 3
	if !consteval {
		return run_time(n); //= 3
	}
	return n + 2;
}

constexpr int older(int n)
{ //= 3
	if (std::is_constant_evaluated())
		return n + 3;
	return run_time(n); //= 3
}

static constexpr int known = asked(1) + not_asked(2) + older(3);

int main()
{
	T; int x = known;
	for (int n = 0; C(0, n < 3); n++) {
		T; x += asked(n) + not_asked(n) + older(n);
	}
	T; return x == 0;
}
