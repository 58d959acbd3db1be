// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Statements that a macro is given over lines: clang has regions for them at the macro's name only, and clang up to
// 19 debug locations there, too.
// clang: 22
#include "log.h"

static int z;
#define GIVEN(...)                                                                                           \
	do {                                                                                                 \
		__VA_ARGS__                                                                                  \
	} while (0)

static void left(int n)
{
	GIVEN(                                  //= 7
		if (n > 2) {                    //= 7
			z++;                    //= 4
			if (n > 4)              //= 4
				return;         //= 2
		}                               //= 2
		if (n > 3) {                    //= 5
			z++;                    //= 1
			return;                 //= 1
		}
		{                               //= 4
			if (n == 1)             //= 4
				return;         //= 1
		}                               //= 3
		z++;);                          //= 3
}

static int looped(int n)
{
	GIVEN(                                  //= 7
		for (int i = 0; i < n; i++) {   //= 7
			if (i > 4)              //= 17
				return 4;       //= 0
			if (i == 1)             //= 17
				continue;       //= 4
			if (i == n - 2)         //= 13
				break;          //= 4
			z++;                    //= 9
		}
		if (z < 0)                      //= 7
			z--;                    //= 0
		else
			goto end;               //= 7
		z++;);                          //= 0
end:
	return 2;                               //= 7
}

static int opened(int n)
{
	GIVEN(                                  //= 7
		if (n > 3)                      //= 7
			return 1;               //= 3
		{                               //= 4
			z++;                    //= 4
			if (n == 2)             //= 4
			{                       //= 1
				z--;            //= 1
				return 2;       //= 1
			}
		}                               //= 3
		z--;);                          //= 3
	return 0;                               //= 3
}

int main(void)
{
	for (int n = 0; n < 7; n++) {
		T;
		left(n);
		T;
		looped(n);
		T;
		opened(n);
	}
	T;
	return 0;
}
