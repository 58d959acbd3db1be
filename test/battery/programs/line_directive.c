/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 * A generator says by #line that a function stands in a grammar. */
#include "log.h"

static int before(int n)
{
	T; return n;
}

#line 3 "line_directive.y"
static int parsed(int n)
{
	if (n > 1) //= 3
		return 1; //= 1
	n += 2; //= 2
	return n; //= 2
}
#line 19 "line_directive.c"
static int behind(int n)
{
	T; int x = parsed(n);
	T; return x;
}

int main(void)
{
	T; int x = before(1);
	T; x += behind(1);
	T; x += behind(2);
	T; x += behind(0);
	T; return x == 0;
}
