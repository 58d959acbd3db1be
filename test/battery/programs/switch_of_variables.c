/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 * What is switched by is an argument, or a variable that others change: not how a scope was left. */
#include "log.h"

static int sum;

__attribute__((weak)) void code(int op, int n)
{
	T; sum += op + n;
}

#define CODE(op, n) code(op, n)

static void of_argument(int n)
{ //= 12
	int op;
	switch (n) {
	case 0: T; op = 1; break;
	case 1: T; op = 2; break;
	default: T; op = 3; break;
	} //= 12
	CODE(op, n);
} //= 12

__attribute__((weak)) void set(int *kind, int n)
{
	T; *kind = n;
}

static void of_changed(int n)
{ //= 12
	int kind = 1;
	set(&kind, n);
	switch (kind) {
	case 1: T; kind = 5; break;
	case 2: T; kind = 6; break;
	default: T; break;
	} //= 12
	CODE(kind, n);
} //= 12

static void leaves_early(int n)
{ //= 12
	switch (n) {
	case 0: T; return;
	case 1: T; code(n, n); return;
	case 2: T; break;
	default: T; code(n, 2); return;
	}
	CODE(n, n);
} //= 1

int main(void)
{
	T;
	for (int i = 0; C(0, i < 12); i++) {
		T; of_argument(i % 3);
		T; of_changed(i % 3);
		T; leaves_early(i < 11 ? i % 2 : 2);
	}
	T; return sum == 0;
}
