/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 * Conditions: nested operators, negated, as values, with the operator without a middle. */
#include "log.h"

static int identity(int n)
{
	T; return n;
}

static int nested(int a, int b, int c)
{
	T; if (C(0, a) && identity(C(1, b) || C(2, c))) {
		T; return 1;
	}
	T; if (!(C(3, a) || (C(4, b) && !C(5, c)))) {
		T; return 2;
	}
	T; return 3;
}

static int values(int a, int b)
{
	T; int x = C(6, a) && C(7, b);
	T; x += C(8, a) ? C(9, b) ? 1 : 2 : 3;
	T; x += a ?: b;
	T; x += !a;
	T; int y = (C(10, a) || C(11, b)) ? identity(1) : identity(0);
	T; return x + y;
}

int main(void)
{
	T; int x = 0;
	for (int n = 0; C(12, n < 8); n++) {
		T; x += nested(n & 1, n & 2, n & 4);
		T; x += values(n & 1, n & 2);
	}
	T; return x == 0;
}
