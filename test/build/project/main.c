/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 * The program. What a line's remark says is how often it runs. */
#include "calc.h"

int main(int argc, char **argv)
{
	int wrong = 0; /* 1 */

	(void)argv; /* 1 */
	if (argc > 5) {
		wrong = 1; /* 0 */
	}
	if (calc_power(2, 10) != 1024) {
		wrong = 1; /* 0 */
	}
	if (calc_power(2, 5) != 32) {
		wrong = 1; /* 0 */
	}
	return wrong; /* 1 */
}
