/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 * Calls in the place of a return, each other's and their own. */
#include "log.h"

static int odd(int n);

static int even(int n)
{
	T; if (C(0, n == 0)) {
		T; return 1;
	}
	T; __attribute__((musttail)) return odd(n - 1);
}

static int odd(int n)
{
	T; if (C(1, n == 0)) {
		T; return 0;
	}
	T; __attribute__((musttail)) return even(n - 1);
}

static int sum(int n, int so_far)
{
	T; if (C(2, n == 0)) {
		T; return so_far;
	}
	T; return sum(n - 1, so_far + n);
}

int main(int argc, char **argv)
{
	T; int x = even(7);
	T; x += odd(5);
	T; x += sum(10, 0);
	T; if (C(3, argc > 0)) {
		T; return main(argc - 1, argv);
	}
	T; return x == 0;
}
