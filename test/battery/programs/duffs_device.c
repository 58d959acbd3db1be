/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 * Duff's device, and a jump into a loop's body. */
#include "log.h"

static int duff(int n)
{
	T; int sum = 0, rounds = (n + 3) / 4;
	switch (n % 4) {
		do {
		case 0:
			T; sum++;
			/* fall through */
		case 3:
			T; sum++;
			/* fall through */
		case 2:
			T; sum++;
			/* fall through */
		case 1:
			T; sum++;
		} while (C(0, --rounds > 0));
	}
	T; return sum;
}

static int into(int n)
{
	T; int x = 0;
	T; if (C(1, n > 3)) {
		T; goto inside;
	}
	for (x = 10; C(2, x < 12); x++) {
		T; n++;
inside:
		T; n += 2;
	}
	T; return n;
}

int main(void)
{
	T; int x = 0;
	for (int n = 1; C(3, n < 8); n++) {
		T; x += duff(n);
		T; x += into(n);
	}
	T; return x == 0;
}
