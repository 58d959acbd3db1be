/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 * A longjmp over frames: what stands after the calls that it leaves runs only when they come back. */
#include "log.h"

#include <setjmp.h>

static jmp_buf out;

static int leave(int really)
{
	T; int x = really;
	T; if (C(0, x)) {
		T; longjmp(out, 1);
	}
	T; return x + 1;
}

static int between(int really)
{
	T; int x = 1;
	T; x += leave(really);
	T; x++;
	T; return x;
}

int main(void)
{
	T; volatile int sum = 0;
	if (setjmp(out) == 0) {
		T; sum += between(0);
		T; sum += between(0);
		T; sum += between(1);
		T; sum += 100;
	} else {
		T; sum += 7;
	}
	T; sum++;
	T; return sum == 0;
}
