// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// file: table_before_label.inc
// An interpreter: nothing stands before its loop's label but a table from another file, and it is left by a jump.
#include "log.h"
#include <setjmp.h>

static jmp_buf out;

static void leaves(int n)
{
	T; if (n > 2)
		longjmp(out, 1);
	T;
}

static void interpret(int n)
{ //= 5
#include "table_before_label.inc"
again:
	T; n = steps[n];
	T; leaves(n);
	T; if (n == 0) {
		T; return;
	}
	T; goto again;
}

int main(void)
{
	for (volatile int n = 0; n < 5; n++)
		if (!setjmp(out)) {
			T; interpret(n);
			T;
		}
	T; return 0;
}
