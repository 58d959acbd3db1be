/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 * Jumps out of assembly, taken and not, forward and back. */
#include "log.h"

static int is_odd(int n)
{
	T; __asm__ goto("testl $1, %0; jnz %l1" : : "r"(n) : "cc" : odd);
	T; return 0;
odd:
	T; return 1;
}

static int turns(int n)
{
	T; int x = 0;
again:
	T; x++;
	T; __asm__ goto("cmpl %1, %0; jl %l2" : : "r"(x), "r"(n) : "cc" : again);
	T; return x;
}

static int three(int n)
{
	T; __asm__ goto("cmpl $1, %0; jl %l1; jg %l2" : : "r"(n) : "cc" : less, more);
	T; return 1;
less:
	T; return 0;
more:
	T; return 2;
}

int main(void)
{
	T; int x = 0;
	for (int n = 0; C(0, n < 5); n++) {
		T; x += is_odd(n);
		T; x += turns(n);
		T; x += three(n);
	}
	T; return x == 0;
}
