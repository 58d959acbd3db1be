/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 * Clang 14 and 16 do not tell of discarded arms: all of them count as the code around does.
// clang: 14 16
 */
#include "log.h"

template <class A> static int size_of(A a)
{ //= 3
	if constexpr (sizeof(A) == 1) {
		T; return 1;
	} else if constexpr (sizeof(A) == 4) {
		T; return 4;
	} else {
		a += 3; //= none
		return a; //= none
	}
}

int main()
{
	T; int sum = size_of(char(1)) + size_of(2) + size_of(3);
	T; return sum != 9;
}
