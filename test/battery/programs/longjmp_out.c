/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 * A callee jumps out over frames; what follows the calls did not run. */
#include "log.h"
#include <setjmp.h>

static jmp_buf out;

static void jump(int n)
{
	T; if (C(0, n % 3 == 0)) {
		T; longjmp(out, n + 1);
	}
	T; return;
}

static int middle(int n)
{
	T; jump(n);
	T; return n;
}

static int attempt(int n)
{
	volatile int x = 0;
	T; if (C(1, setjmp(out) == 0)) {
		T; x = 1;
		T; x = middle(n);
		T; x++;
	} else {
		T; x = -1;
	}
	T; return x;
}

int main(void)
{
	T; int x = 0;
	for (int n = 0; C(2, n < 7); n++) {
		T; x += attempt(n);
	}
	T; return x == 100;
}
