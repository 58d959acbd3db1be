// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// What a macro is given stands on lines of its own, and runs otherwise than what is around the macro.
// clang: 22
#include "log.h"
#include <stdio.h>
#define SHOW(l, ...) \
	{ \
		if (level >= l) \
			(void)snprintf(text, sizeof text, __VA_ARGS__); \
	}
#define TRY(x) \
	do { \
		int _r = (x); \
		if (_r) \
			return _r; \
	} while (0)
#define CHECKED(x) \
	do { \
		if (!(x)) \
			level++; \
	} while (0)
#define TWICE_IF(c, x) \
	if (c) { \
		x x \
	}
#define BOTH(c, x) \
	if (c) { \
		level++; \
		x \
	} else { \
		level--; \
		x \
	}
#define CHOOSE(c, a, b) \
	if (c) { \
		a \
	} else { \
		b \
	}
#define CALL level += more(n, 1);
#define UNLIKELY(x) __builtin_expect(!!(x), 0)

static int level;
static char text[99];

static int more(int a, int b)
{
	T; return a > b;
}

static int shown(int n)
{
	T; level = n;
	SHOW(4, "%d %d", //= 5
		n, //= 1
		n + 1); //= 1
	{ //= 5
		T; n++;
	}
	if (n > 2) { //= 5
		SHOW(4, "%d %d", //= 3
			n, //= 1
			n + 1); //= 1
	} //= 3
	SHOW(4, //= 5
		"%d %d",
		n, //= 1
		n + 1); //= 1
	return n; //= 5
}

static void constants(int n)
{
	level = n; //= 5
	SHOW(4, //= 5
		"%d %d", //= 5
		n, //= 1
		3); //= 1
	SHOW(4, "%d %d" //= 5
		" ", //= 5
		n, //= 1

		// a remark
		/* and ) one */ 3, //= 1
		')', ")" //= 1
	); //= 5
	n++; //= 5
	if (n > 2) //= 5
		SHOW(3, //= 3
			"%d %d", //= 3
			n + 1, //= 2
			3); //= 2
	SHOW(4, "%d", //= 5
		3); //= 5
} //= 5

static void repeated(int n)
{
	TWICE_IF(n < 3, //= 5
		level += more(n, 1);) //= 3
	TWICE_IF(n < 3, //= 5
		CALL) //= 3
	TWICE_IF(1, //= 5
		level += more(n, 1);) //= 5
} //= 5

/* On different ways, of which the second comes first in the code, too. */
static void chosen(int n)
{
	BOTH(n < 2, //= 5
		level += n; //= 5
	) //= 5
	BOTH(n < 2, //= 5
		level += n;) //= 5
	CHOOSE(n < 2, //= 5
		level++;, //= 2
		level--; //= 3
	) //= 5
	CHOOSE(n < 2, //= 5
		level++; //= 2
		,
		level--; //= 3
	) //= 5
} //= 5

static void shown_last(int n)
{
	SHOW(4, "%d", //= 5
		n); //= 1
} //= 5

static int tried(int n)
{
	if (n < 3) //= 5
		TRY(more( //= 3
			n, 1)); //= 3
	if (n > 2) { //= 4
		TRY(more( //= 2
			n, //= 2
			2)); //= 2
	} //= 0
	return 0; //= 2
}

static void checked(int n)
{
	for (int i = 0; i < n; i++) //= 15
		CHECKED(more(3, //= 10
			i) == 1); //= 10
} //= 5

static int unlikely(int n)
{
	T; int r = 0;
	if (UNLIKELY( //= 5
		n == 3 //= 5
		|| n == 4)) { //= 4
		T; r++;
	}
	if (UNLIKELY(n == 3 //= 5
		&& n == r)) { //= 1
		T; r++;
	}
	while (UNLIKELY((n > 3) //= 6
		&& n < 5)) { //= 2
		T; n++;
	}
	T; return r;
}

int main(void)
{
	for (int n = 0; n < 5; n++) {
		T; shown(n);
		T; shown_last(n);
		T; constants(n);
		T; repeated(n);
		T; chosen(n);
		T; tried(n);
		T; checked(n);
		T; unlikely(n);
	}
	T; return 0;
}
