/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 * Scopes whose cleanup is a loop (arrays with destructors), left by return, break, continue and in a call. */
#include "log.h"
#include <cstdlib>

static int destroyed;

struct object {
	int n = 1;
	~object()
	{
		T; destroyed += n;
	}
};

static void ends(int x)
{
	T; if (C(0, x == 9)) {
		T; exit(0);
	}
	T; destroyed++;
}

static int scopes(int outer, int inner)
{
	for (int i = 0; C(1, i < 3); i++) {
		T; object d[2];
		T; if (C(2, outer == 1)) {
			T; return 5;
		}
		T; if (C(3, outer == 2)) {
			T; break;
		}
		T; if (C(4, outer == 3)) {
			T; continue;
		}
		T; ends(outer);
		{
			T; object e[2];
			T; if (C(5, inner == 1)) {
				T; return 6;
			}
			T; if (C(6, inner == 2)) {
				T; break;
			}
			T; ends(inner);
			T; destroyed++;
		}
		T; destroyed++;
	}
	T; destroyed++;
	T; return 7;
}

int main()
{
	for (int outer = 0; C(7, outer < 4); outer++)
		for (int inner = 0; C(8, inner < 3); inner++) {
			T; destroyed += scopes(outer, inner);
		}
	T; scopes(0, 9);
	T; return destroyed == 0;
}
