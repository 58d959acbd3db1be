// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// A macro at the end of an operand: clang tells of its text twice, as the operand's and as the end of what is around it.
// The numbers are how often each text was evaluated, over all of its uses.
#include "log.h"

#define NONE 0 //= 5
#define LEAST 0 //= 16
#define ONE 1 //= 6
#define PAST(x) ((x) + 1) //= 15
#define TEN 10 //= 3
#define NEXT(x) (x) //= 9

static int chosen(int a, int b)
{
	T; unsigned limit = a > PAST(b) ?
		PAST(a) : NONE;
	T; return (int)limit;
}

static int both(int head, int x)
{
	T; if (head != LEAST && x < ONE) {
		T; return 1;
	}
	T; return 0;
}

static int either(int a, int b)
{
	T; return a ? b : b ? TEN : NEXT(a);
}

static int turned(int a, int b)
{
	T; int x = 1;
	if (a)
		while (b-- > LEAST)
			x += NEXT(b);
	T; return x;
}

int main(void)
{
	int x = 0;
	for (int i = 0; i < 10; i++) {
		T; x += chosen(i, 3);
		T; x += both(i < 6 ? i + 1 : 0, 2);
		T; x += either(i > 6, i & 1);
	}
	T; x += turned(1, 5);
	T; x += turned(0, 5);
	T; return x == 0;
}
