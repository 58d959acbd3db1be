/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 * The body of a function, and of a loop, stands in another file. */
// file: include_inside.inc
#include "log.h"

static int body(int n)
{
	T; int x = 0;
#include "include_inside.inc"
	T; return x;
}

static int turns(int n)
{
	T; int x = 1;
	for (int i = 0; C(0, i < 2); i++) {
#include "include_inside.inc"
	}
	T; return x;
}

int main(void)
{
	T; int x = body(1);
	T; x += body(5);
	T; x += turns(9);
	T; return x == 0;
}
