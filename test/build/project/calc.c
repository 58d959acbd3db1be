/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 * The shared library. What a line's remark says is how often it runs. */
#include "calc.h"

int calc_power(int base, int exponent)
{
	int result = 1; /* 2 */

	while (exponent > 0) {
		if (exponent & 1) {
			result *= base; /* 4 */
		}
		base *= base;   /* 7 */
		exponent >>= 1; /* 7 */
	}
	return result; /* 2 */
}

int calc_unused(int x)
{
	return -x; /* 0 */
}
