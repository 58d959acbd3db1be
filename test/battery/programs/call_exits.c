/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 * A callee ends the process, three calls deep; nothing after it ran. */
#include "log.h"
#include <stdlib.h>

static void last(void)
{
	T; return;
}

static void quit(int n)
{
	T; if (C(0, n > 2)) {
		T; exit(0);
	}
	T; return;
}

static int deeper(int n)
{
	T; quit(n);
	T; return n;
}

static int deep(int n)
{
	T; int x = deeper(n);
	T; return x + 1;
}

int main(void)
{
	T; atexit(last);
	T; int x = 0;
	for (int n = 0; C(1, n < 9); n++) {
		T; x += deep(n);
		T; x++;
	}
	T; return x;
}
