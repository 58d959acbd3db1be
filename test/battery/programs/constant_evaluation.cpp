/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 * What is computed while compiling is not counted, and what then runs is. */
int evaluated();

#include "log.h"

constexpr int both(int n)
{
	int x = 0; //= 1
	for (int i = 0; i < n; i++) { //= 4
		x += i; //= 3
	}
	if (x > 100) { //= 1
		x = 100; //= 0
	}
	return x; //= 1
}

static_assert(both(5) == 10);
static constexpr int known = both(30);

static int runs(int n)
{
	T; return both(n);
}

struct literal {
	int x;
	constexpr explicit literal(int n) : x(n + 1)
	{
		x++; //= 2
	}
};

static constexpr literal fixed(3);

int main()
{
	T; int x = known + fixed.x;
	T; x += runs(3);
	T; volatile int n = 4;
	T; literal made(n);
	T; literal other(made.x);
	T; return x + other.x == 0;
}
