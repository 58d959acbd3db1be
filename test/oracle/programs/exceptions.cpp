/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 * Exceptions through destructors, rethrown, out of constructors, and a try block that never throws. */
#include "log.h"

struct guard {
	int *at;
	explicit guard(int *where) : at(where)
	{
		T; ++*at;
	}
	~guard()
	{
		T; --*at;
	}
};

struct fragile {
	explicit fragile(int n)
	{
		T; if (C(0, n > 2)) {
			T; throw n;
		}
		T; n++;
	}
};

static int build(int n, int *live)
{
	T; guard g(live);
	T; fragile f(n);
	T; return n;
}

static int again(int n, int *live)
{
	T; int x = 0;
	try {
		T; x = build(n, live);
		T; x++;
	} catch (int) {
		T; x = -1;
		T; throw;
	}
	T; return x;
}

int main()
{
	T; int live = 0, sum = 0;
	for (int n = 0; C(1, n < 6); n++) {
		try {
			T; sum += again(n, &live);
			T; sum++;
		} catch (int thrown) {
			T; sum += thrown;
		}
		T; sum++;
	}
	try {
		T; sum++;
	} catch (...) {
		T; sum = 0;
	}
	T; return live == 0 ? 0 : sum;
}
