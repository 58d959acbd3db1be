/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 * One unit of several sources that have statics of the same name. */
// file: unity_first.inc
// file: unity_second.inc
#include "log.h"
#include "unity_first.inc"
#define step step_again
#include "unity_second.inc"
#undef step

int main(void)
{
	T; int x = step(1);
	T; x += first(5);
	T; x += second(2);
	T; x += step_again(3);
	T; return x == 0;
}
