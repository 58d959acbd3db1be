/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 * Conditions that are objects: conversions, operators that are functions, arguments that are conditions. */
#include "log.h"

struct flag {
	bool on;
	explicit operator bool() const
	{
		T; return on;
	}
	bool operator!() const
	{
		T; return !on;
	}
};

struct both {
	int n;
	both operator&&(both other) const
	{
		T; return {n && other.n};
	}
	both operator||(both other) const
	{
		T; return {n || other.n};
	}
	both operator,(both other) const
	{
		T; return other;
	}
	operator int() const
	{
		T; return n;
	}
};

static both make(int n)
{
	T; return {n};
}

static int plain(int a, int b)
{
	T; flag left{a != 0}, right{b != 0};
	T; if (left && right) {
		T; return 1;
	}
	T; if (!left || right) {
		T; return 2;
	}
	while (flag again{a++ < 3}) {
		T; b++;
	}
	T; return left ? b : 0;
}

static int overloaded(int a, int b)
{
	T; int x = make(a) && make(b);
	T; x += make(a) || make(b);
	T; x += (make(a), make(b));
	T; return x;
}

static int chosen(int n)
{
	T; return C(0, n < 1) ? plain(n, 0) : C(1, n < 2) ? plain(n, 1) : C(2, n < 3) ? overloaded(n, 2) : 4;
}

static int sum(int a, bool b, int c)
{
	T; return a + b + c;
}

int main()
{
	T; int x = 0;
	for (int n = 0; C(3, n < 5); n++) {
		T; x += chosen(n);
		T; x += plain(n & 1, n & 2) + overloaded(n & 1, n & 2);
		T; x += sum(C(4, n > 1) ? 1 : 2, C(5, n > 2) && C(6, n < 4), C(7, n == 0) || C(8, n == 2));
	}
	T; return x == 0;
}
