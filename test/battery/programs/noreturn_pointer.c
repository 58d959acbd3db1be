/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 * Functions that do not come back, called by pointer, in a conditional operator and a statement expression. */
#include "log.h"
#include <setjmp.h>
#include <stdlib.h>

static jmp_buf out;

__attribute__((noreturn)) static void leave(int n)
{
	T; longjmp(out, n);
}

static void (*volatile hidden)(int) = leave;
static void (*volatile known)(int) __attribute__((noreturn)) = leave;

static int by_hidden(int n)
{
	T; if (C(0, n & 1)) {
		T; hidden(1);
		T; n = 100;
	}
	T; return n;
}

static int by_known(int n)
{
	T; if (C(1, n & 1)) {
		T; known(2);
	}
	T; return n;
}

static int in_operator(int n)
{
	T; int x = C(2, n & 1) ? (leave(3), 1) : n;
	T; return x;
}

static int in_expression(int n)
{
	T; int x = ({
		T; if (C(3, n & 1))
			known(4); //= 2
		T; n + 1;
	});
	T; return x;
}

int main(void)
{
	static int (*const all[])(int) = {by_hidden, by_known, in_operator, in_expression};
	volatile int x = 0, n;
	for (n = 0; C(4, n < 16); n++) {
		T; if (C(5, setjmp(out) == 0)) {
			T; x += all[n & 3](n >> 2);
			T; x++;
		} else {
			T; x--;
		}
	}
	T; exit(x == 100);
}
