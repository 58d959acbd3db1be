/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 * The other unit of one_header.c. */
// part
#include "one_header.h"

int other_steps(int n)
{
	int x = 0;
	for (int i = 0; i < n; i++)
		x += step(i);
	return x;
}
