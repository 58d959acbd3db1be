/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * accesses.c: what regions.c calls, built with the flag.
 */
#include "case.h"

SHARED int shared;

void set(int value)
{
	shared = value;
	STAY();
}

int get(void)
{
	return shared;
}
