/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 * Statement expressions: with loops, with a return and a goto out of them. */
#include "log.h"

static int loop(int n)
{
	T; int x = ({
		int sum = 0;
		for (int i = 0; C(0, i < n); i++) {
			T; sum += i;
		}
		T; sum;
	});
	T; return x;
}

static int leaves(int n)
{
	T; int x = 1 + ({
		T; if (C(1, n > 2)) {
			T; return -1;
		}
		T; n;
	});
	T; x += ({
		T; if (C(2, n == 1)) {
			T; goto out;
		}
		T; 5;
	});
	T; x++;
out:
	T; return x;
}

int main(void)
{
	T; int x = 0;
	for (int n = 0; C(3, n < 5); n++) {
		T; x += loop(n);
		T; x += leaves(n);
	}
	T; return x == 0;
}
