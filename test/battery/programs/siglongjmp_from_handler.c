/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 * A signal handler jumps out of the function that raised it. */
#include "log.h"
#include <setjmp.h>
#include <signal.h>

static sigjmp_buf out;

static void handler(int number)
{
	T; siglongjmp(out, number);
}

static int divide(int n)
{
	T; if (C(0, n == 0)) {
		T; raise(SIGFPE);
		T; n = 1;
	}
	T; return 100 / n;
}

int main(void)
{
	T; signal(SIGFPE, handler);
	volatile int x = 0, n;
	for (n = 3; C(1, n >= 0); n--) {
		T; if (C(2, sigsetjmp(out, 1) == 0)) {
			T; x += divide(n % 2);
			T; x++;
		} else {
			T; x += 7;
		}
	}
	T; return x == 0;
}
