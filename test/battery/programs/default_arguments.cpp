/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 * Default arguments run where they are needed, as often as they are. */
#include "log.h"

static int calls;

static int fresh()
{
	T; return ++calls;
}

static int by_default(int a, int b = fresh(), int c = fresh() > 3 ? 1 : 2)
{
	T; return a + b + c;
}

struct made {
	int x;
	made(int n = fresh()) : x(n)
	{
		T; x++;
	}
};

int main()
{
	T; int x = by_default(1);
	T; x += by_default(1, 2);
	T; x += by_default(1, 2, 3);
	T; made a;
	T; made b(3);
	T; made all[2];
	T; return x + a.x + b.x + all[0].x == 0;
}
