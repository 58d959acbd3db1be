/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 * Try blocks in which nothing throws: what follows them runs. */
#include "log.h"

static int plain(int n)
{
	T; int x = n;
	try {
		T; x++;
	} catch (...) {
		T; x = 0;
	}
	T; x *= 2;
	T; return x;
}

static int returns(int n)
{
	try {
		T; if (C(0, n > 1)) {
			T; return 1;
		}
		T; n++;
	} catch (int) {
		T; return 2;
	} catch (...) {
		T; return 3;
	}
	T; return n;
}

static int never(int n) noexcept
{
	T; return n;
}

static int promised(int n)
{
	T; int x = 0;
	try {
		T; x = never(n);
	} catch (...) {
		T; x = -1;
	}
	T; return x;
}

int main()
{
	T; int x = 0;
	for (int n = 0; C(1, n < 4); n++) {
		T; x += plain(n);
		T; x += returns(n);
		T; x += promised(n);
	}
	T; return x == 0;
}
