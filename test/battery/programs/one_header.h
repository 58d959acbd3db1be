/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 * A header that is compiled with different macros. */
static int step(int n)
{
#if WITH_CHECK
	if (n < 0) //= 2
		return 0; //= 1
#else
	n *= 2; //= 4
#endif
	n++; //= 5
	return n; //= 5
}
