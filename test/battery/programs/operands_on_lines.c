// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Operands each on a line of their own: the line runs as often as what stands on it, not as what it depends on.
#include "log.h"

static int zero;

static int no(int x)
{
	T; return x & zero;
}

static int operands(int a, int b, int c, int d)
{
	int r = a //= 4
		&& b //= 3
		&& c //= 2
		&& d; //= 1
	r += a //= 4
		|| b //= 1
		|| c //= 1
		|| d; //= 1
	r += no(a) //= 4
		|| no(b) //= 4
		|| no(c) //= 4
		|| no(d); //= 4
	if (a //= 4
		|| b) //= 1
	{
		r++; //= 3
	}
	if (!a //= 4
		|| !b //= 3
		|| !c) //= 2
	{
		r++; //= 3
	}
	if ((a //= 4
		|| b) //= 1
		&& (c //= 3
		|| d)) //= 2
	{
		r++; //= 1
	}
	while (a //= 4
		&& b //= 3
		&& c //= 2
		&& r < 0) //= 1
	{
		r++; //= 0
	}
	r = a //= 4
		? b //= 3
		? c //= 2
		: d //= 1
		: 2; //= 1
	return a //= 4
		&& b //= 3
		&& c; //= 2
}

int main(void)
{
	T; operands(0, 0, 0, 0);
	T; operands(1, 0, 0, 0);
	T; operands(1, 1, 0, 0);
	T; operands(1, 1, 1, 0);
	T; return 0;
}
