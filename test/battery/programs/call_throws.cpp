/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 * What follows a call that throws, in a function, in a try block, in a list of arguments. */
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
	}
	T; return x == 0;
}
