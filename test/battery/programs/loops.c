/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 * Loops that run never, once, many times, that do not end, and with empty bodies. */
#include "log.h"
#include <stdlib.h>

static int empty(int n)
{
	T; int i = 0;
	while (i < n && ++i) //= 6
		;
	for (; C(0, i > 0); i--)
		;
	do
		i++;
	while (C(1, i < n));
	T; return i;
}

static int never(int n)
{
	while (0) {
		T; n++;
	}
	for (; C(2, n > 100);) {
		T; n++;
	}
	do {
		T; n++;
	} while (0);
	T; return n;
}

static void endless(int n)
{
	for (;;) {
		T; n++;
		T; if (C(3, n > 5)) {
			T; exit(0);
		}
		T; n += 0;
	}
}

int main(void)
{
	T; int x = 0;
	for (int n = 0; C(4, n < 3); n++) {
		T; x += empty(n);
		T; x += never(n);
	}
	T; endless(x & 3);
}
