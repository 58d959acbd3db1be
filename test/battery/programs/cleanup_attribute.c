/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 * Cleanups run however a scope is left. */
#include "log.h"

static int cleaned;

static void clean(int *at)
{
	T; cleaned += *at;
}

static int scopes(int n)
{
	__attribute__((cleanup(clean))) int outer = 1;
	T; if (C(0, n == 0)) {
		T; return 10;
	}
	for (int i = 0; C(1, i < 4); i++) {
		__attribute__((cleanup(clean))) int inner = i;
		T; if (C(2, i == n)) {
			T; continue;
		}
		T; if (C(3, i + n > 5)) {
			T; break;
		}
		T; if (C(4, i + n == 4)) {
			T; goto out;
		}
		T; inner++;
	}
	T; outer++;
out:
	T; return outer;
}

int main(void)
{
	T; int x = 0;
	for (int n = 0; C(5, n < 6); n++) {
		T; x += scopes(n);
	}
	T; return x + cleaned == 0;
}
