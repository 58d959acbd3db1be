/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 * One header, in two units with other macros: what ran in either ran. */
// with: one_header_other.c
// file: one_header.h
#include "log.h"
#define WITH_CHECK 1
#define step step_checked
#include "one_header.h"

int other_steps(int n);

int main(void)
{
	T; int x = step(1);
	T; x += step(-1);
	T; x += other_steps(4);
	T; return x == 0;
}
