/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 * exit() some frames down, from inside a loop and an argument list. */
#include "log.h"

#include <stdlib.h>

static int step(int n)
{
	T; if (C(0, n == 5)) {
		T; exit(0);
	}
	T; return n;
}

static int add(int a, int b)
{
	T; return a + b;
}

int main(void)
{
	T; int sum = 0;
	for (int n = 0; C(1, n < 10); n++) {
		T; sum = add(sum, step(n));
		T; sum++;
	}
	T; return sum;
}
