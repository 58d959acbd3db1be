/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 * Scopes within scopes, each left by return, break, continue and goto at once, and a call in one of them that does
 * not come back. Where variables have a cleanup (an optimising compiler ends their lifetimes) all ways out of a scope
 * pass one block. */
#include "log.h"
#include <stdlib.h>

static int zero, many = 3;

static int ends(int x)
{
	T; if (C(0, x == 7)) {
		T; exit(0);
	}
	T; return x;
}

static int scopes(int how)
{
	int left = 2;
again:
	T; if (C(1, ends(how) > 1)) {
		int t = 1;
		int *r = &t;
		T; if (C(2, how == 2)) {
			T; return *r;
		}
		for (int i = 0; C(3, i < many); i++) {
			int u = 4;
			int *v = &u;
			T; if (C(4, how == 3)) {
				T; break;
			}
			T; if (C(5, how == 4)) {
				T; continue;
			}
			T; if (C(6, how == 5 && left-- > 0)) {
				T; goto again;
			}
			T; return *v;
		}
		T; zero += *r - 1;
	}
	for (int i = 0; C(7, i < many); i++) {
		int u = 4;
		int *v = &u;
		T; if (C(8, how == 3)) {
			T; break;
		}
		T; if (C(9, how == 4 || ends(i) > 1)) {
			T; continue;
		}
		T; if (C(10, how == 0 && left-- > 0)) {
			T; goto again;
		}
		T; zero += *v - 4;
	}
	T; return zero;
}

/* A scope that nothing leaves by its end, in a loop that is left likewise. */
static int both_go_on(int how)
{
	T; if (C(12, how < 4)) {
		int t[2] = {1, how};
		for (int i = 0; C(13, i < many); i++) {
			int u[2] = {2, how};
			T; if (C(14, u[1] < 3)) {
				int v[2] = {3, i};
				T; if (C(15, how == v[1])) {
					T; break;
				}
				T; t[1] += u[0];
				T; return v[0] + t[1];
			}
			T; if (C(16, how == 5)) {
				T; continue;
			}
			T; zero += u[1] - 3;
		}
		T; ends(how + 6);
		T; zero += t[0] - 1;
	}
	T; return zero;
}

int main(void)
{
	for (int how = 0; C(11, how < 8); how++) {
		T; zero += scopes(how);
		T; zero += 0 * both_go_on(how);
	}
	T; return zero;
}
