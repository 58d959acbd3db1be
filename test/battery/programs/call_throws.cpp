/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 * What follows a call that throws, in a function, in a try block, in a list of arguments, in a condition. */
#include "log.h"

static int fails(int n)
{
	T; if (C(0, n % 2)) {
		T; throw n;
	}
	T; return n;
}

static int after(int n)
{
	T; int x = fails(n);
	T; return x + 1;
}

static int sum(int a, int b, int c)
{
	T; return a + b + c;
}

static int argument(int n)
{
	T; int x = 0;
	try {
		T; x = sum(1, fails(n), 3);
		T; x++;
	} catch (int thrown) {
		T; x = -thrown;
	}
	T; return x;
}

__attribute__((noinline, no_profile_instrument_function)) static bool C(unsigned id, bool (*test)(int), int n)
{
	return C(id, test(n));
}

static bool is_odd(int n)
{
	T; return fails(n * (n / 2)) == 0 ? n % 2 : false;
}

static int condition(int a, int b)
{
	try {
		T; if (C(2, a) && C(3, is_odd, b) && C(4, b > 0)) {
			T; return 1;
		}
		T; return C(5, is_odd, b) ? 2 : 3;
	} catch (int) {
		T; return 4;
	}
}

int main()
{
	T; int x = 0;
	for (int n = 0; C(1, n < 3); n++) {
		try {
			T; x += after(n);
			T; x++;
		} catch (...) {
			T; x--;
		}
		T; x += argument(n);
		for (int b = 0; C(6, b < 6); b++) {
			T; x += condition(n, b);
		}
	}
	T; return x == 0;
}
