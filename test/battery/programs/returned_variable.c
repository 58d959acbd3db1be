/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 * Structures that are made where the result stands: `return` of them is no instruction, and what comes before it may
 * not come back. Other variables have ends of their lifetimes. */
#include "log.h"
#include <setjmp.h>

struct small {
	long a, b;
};

struct large {
	long a[9];
};

static jmp_buf out;
static int zero;

static void jumps(int x)
{
	T; if (C(0, x > 1)) {
		T; longjmp(out, 1);
	}
}

static struct small gives_small(int x)
{ //= 4
	int m[3] = {1, 2, 3}; //= 4
	struct small s = {x, m[x]}; //= 4
	T; jumps(x);
	return s; //= 2
}

static struct large gives_large(int x)
{ //= 4
	int m[3] = {1, 2, 3}; //= 4
	struct large l = {{x, m[x]}}; //= 4
	T; jumps(x);
	/* It has come back. */
	return l; //= 2
}

static struct large gives_two(int x)
{ //= 4
	int m[3] = {1, 2, 3}; //= 4
	struct large l = {{x, m[x]}}; //= 4
	T; if (C(1, x == 0)) {
		T; return l;
	}
	T; jumps(x);
	return l; //= 1
}

static struct large makes(int x)
{ //= 4
	int m[3] = {1, 2, 3}; //= 4
	zero += m[x] - 1 - x;
	T; return gives_large(
		x); //= 4
}

int main(void)
{ //= 1
	for (volatile int i = 0; C(2, i < 12); i++) {
		T;
		if (setjmp(out) == 0) {
			switch (i / 4) {
			case 0:
				T; zero += gives_small(i % 4).a > 9;
				T; break;
			case 1:
				T; zero += gives_two(i % 4).a[1] > 9;
				T; break;
			default:
				T; zero += makes(i % 4).a[1] > 9;
			}
			T; zero += 0;
		}
	}
	T; return zero;
}
