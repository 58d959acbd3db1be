/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 * Members' initialisers, in the class and in the constructor's list. */
#include "log.h"

static int made;

static int next(int n)
{
	T; made++;
	T; return n;
}

struct thing {
	int a = next(1);
	int b = next(2);
	int c;
	thing() : c(a + b)
	{
		T; c++;
	}
	explicit thing(int n) : b(n), c(next(n))
	{
		T; c--;
	}
	explicit thing(bool) : a(1), b(2), c(3)
	{
		T; a++;
	}
};

struct simple {
	int a = next(5), b = next(6);
};

int main()
{
	T; thing one;
	T; thing two(1);
	T; thing three(3);
	T; thing four(true);
	T; simple all[3];
	T; simple partly = {1};
	T; return one.c + two.c + three.c + four.c + all[2].a + partly.b == made;
}
