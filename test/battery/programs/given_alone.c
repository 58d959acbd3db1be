// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// What a macro is given stands on lines of its own and runs as often as the macro, which may be all of a statement.
#include "log.h"
#define CHECKED(x) \
	do { \
		if (!(x)) \
			level++; \
	} while (0)
#define TRY(x) \
	do { \
		int _r = (x); \
		if (_r) \
			return _r; \
	} while (0)

static int level;

static int more(int a, int b)
{
	T; return a > b;
}

static void checked(int n)
{
	for (int i = 0; i < n; i++) //= 15
		CHECKED(more(3, //= 10
			i) == 1); //= 10
	for (int i = 0; i < n; i++) //= 15
		CHECKED( //= 10
			1 == //= 10
			more(3, //= 10
				2)); //= 10

	if (n > 2) //= 5
		CHECKED(more(n, //= 2
			3) == //= 2
			1); //= 2
	else
		CHECKED( //= 3
			n == //= 3
			1); //= 3
	level = 0; //= 5
} //= 5

static int tried(int n)
{
	if (n < 3) //= 5
		TRY(more( //= 3
			n, 1)); //= 3
	if (n > 2) { //= 4
		TRY(more( //= 2
			n, //= 2
			3)); //= 2
	}
	return 0; //= 3
}

int main(void)
{
	for (int n = 0; n < 5; n++) {
		T; checked(n);
		T; tried(n);
	}
	T; return 0;
}
