/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 * Macros of system headers after a jump, as cases, as functions, in conditions; a macro's number after an exit. */
#include "log.h"
#include "system_macros.h"
#include <ctype.h>
#include <stdlib.h>

#define CASE(n, c) case n: return (int)(c)
#define LIMIT 1

DEFINES(used)

DEFINES(unused)

/* What stands here is no code. */ //= -

static int after(int n)
{
	T; return used(n);
}

static int broken(void)
{
	int x = 0;
	for (int i = 0; C(0, i < 10); i++) {
		if (C(1, i == 5))
			break; //= 1
		ADDS(x); //= 5
		x++; //= 5
	}
	for (int i = 0; C(2, i < 4); i++) {
		T; if (C(3, i == 2)) {
			T; continue;
		}
		ADDS(x); //= 3
		T; ADDS(x);
	}
	T; return x;
}

static int value(char c)
{
	T; if (isalnum(c))
		switch (c) { //= 3
			CASE('0', -1); //= 0
			CASE('7', 17); //= 2
			CASE('a', 29); //= 1
		}
	T; return -1;
}

static int pointed(const int *two, int n)
{
	T; if (C(4, n > 1) && FIRST_TWO(two)) {
		T; return 2;
	}
	while (isspace(two[0]) || C(5, n++ < 3)) { T;
		T; two += isspace(two[0]) != 0;
	}
	T; return 3;
}

static int in_cases(int n)
{
	static const int verbose = 0;
	switch (n) {
	case 0: {
		T; n = 2;
		if (verbose)
			n = value('7'); //= none
		ALIKE(n, 3) += 1;
		break;
	}
	case 1:
		T; n = 3;
		if (verbose)
			n = value('a'); //= none
		switch (0) {
		case 0:
		default:
			T; n++;
		}
		break;
	}
	T; return n;
}

static void ends(int n)
{
	T; if (C(6, n > LIMIT)) {
		T; return;
	} else {
		T; exit(0);
	}
	if (n > LIMIT) //= none
		n = 2; //= none
	n = 3; //= none
}

int main(void)
{
	static const int two[] = {' ', 1, 0}, *one = two + 1;
	T; int x = after(2) + broken();
	T; x += value('7') + value('a') + value('7') + value('?');
	T; x += pointed(two, 2) + pointed(one, 1) + pointed(one, 3);
	for (int n = 0; C(7, n < 6); n++) {
		T; x += in_cases(n & 1);
	}
	T; ends(2);
	T; ends(1);
	T; return x == 0;
}
