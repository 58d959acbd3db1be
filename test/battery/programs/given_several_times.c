// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// A macro puts what it is given into its text several times: one after the other, into both arms of a choice, into a loop.
#include "log.h"

#define CALL(i) sum += hit(i);
#define LIST(X) X(1) X(2) X(3)
#define LISTS(X) LIST(X) LIST(X)
#define TWICE(x) ((x) + (x))
#define LARGER(a, b) ((a) > (b) ? (a) : (b))
#define EITHER(c, X) \
	if (c) { \
		X(1) \
	} else { \
		X(2) \
	}
#define IF_BOTH(c, X) \
	if (c) { \
		X(1) X(2) \
	}
#define UNTIL(c, X) \
	X(1) \
	if (c) \
		return sum; \
	X(2)
#define LOOP(X) \
	for (int j = 0; j < 3; j++) { \
		X(1) X(2) \
	}

static int sum;

static int hit(int i)
{
	T; return i;
}

static int listed(void)
{
	T; LIST(CALL)
	T; LISTS(CALL)
	LIST( //= 7
		CALL) //= 7
	T; return sum;
}

static int chosen(int n)
{
	T; int r = TWICE(n > 2 ? 1 : 2);
	T; r += LARGER(n > 4 ? n : 4, 3);
	T; EITHER(n < 3, CALL)
	EITHER(n < 3, //= 7
		CALL) //= 7
	T; IF_BOTH(n < 3, CALL)
	T; return r;
}

static int left(int n)
{
	T; UNTIL(n > 4, CALL)
	T; return sum;
}

static int looped(void)
{
	LOOP( //= 7
		CALL) //= 21
	T; return sum;
}

int main(void)
{
	int r = 0;
	for (int n = 0; n < 7; n++) {
		T; r += listed();
		T; r += chosen(n);
		T; r += left(n);
		T; r += looped();
	}
	T; return r == 0;
}
