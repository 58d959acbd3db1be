/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 * Calls of macros over several lines, nested, with arguments that are macros, in conditions. */
#include "log.h"

#define BOTH(a, b) ((a) && (b))
#define SAME(x) x
#define TWICE(work) \
	do { \
		work; \
		work; \
	} while (0)
#define CHECK(x) \
	if (!(x)) \
	return -1
#define NUMBER_FULL(name, value, text) int name = value;
#define NUMBER(name, value) NUMBER_FULL(name, value, "")
#define ADD(x, y) (x) += (y);

/* A declaration is no code outside of a function, and code within one. */
static NUMBER(whole, 200) //= -

static int lines(int n)
{
	T; TWICE(
		n += 1); //= 4
	T; int x = SAME(SAME(n) +
		SAME(3)); //= 4
	T; return x;
}

static int conditions(int n)
{
	T; int turns = 0;
	while (BOTH(C(0, n > 0), SAME(C(1, turns < 3)))) { T;
		T; n--;
		T; turns++;
	}
	T; if (BOTH(C(2, n), C(3, turns == 3))) {
		T; return n;
	}
	T; return turns;
}

static int checked(int n)
{
	T; CHECK(C(4, n > 1));
	T; CHECK(C(5, n > 2));
	T; return n;
}

static int declares(int n)
{
	NUMBER(own, n + 1) //= 4
	ADD(whole, own) //= 4
	T; return own;
}

int main(void)
{
	T; int x = 0;
	for (int n = 0; C(6, n < 4); n++) {
		T; x += lines(n);
		T; x += conditions(n);
		T; x += checked(n);
		T; x += declares(n);
	}
	T; return x == 0;
}
