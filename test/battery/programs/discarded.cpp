/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 * Arms that `if constexpr` discards, in one instance, and in all.
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

/* Without braces, and with more in front. */
template <int N> static int plain()
{ //= 2
	int sum = 0; //= 2
	if constexpr (N > 5)
		return N; //= none
	if constexpr (constexpr int half = N / 2; half == 1)
		sum += 1; //= 1
	else
		sum += 2; //= 1
	for (int i = 0; i < 3; i++)
		if constexpr (N == 2)
			sum += i; //= 3
		else
			sum -= i; //= 3
	T; return sum;
}

/* One within another, and what is no statement of its own. */
template <bool Outer, bool Inner> static int nested(int a)
{ //= 3
	if constexpr (Outer)
	{
		if (a > 1)
		{
			if constexpr (Inner) {
				a += 10; //= 1
			}
			a++; //= 1
		}
		T; a++;
	}
	else if (a == 3)
		T; /* an arm that is never discarded in all instances */
	else
	{
		try {
			do {
				if constexpr (Inner)
					a += 100; //= none
				a++; //= 1
			} while (0);
		} catch (int) {
			a = 0; //= none
		}
	}
	T; return a;
}

template <class F> static int call(F f)
{
	T; return f(1) + f(2L);
}

int main()
{
	T; int sum = size_of(char(1)) + size_of(2) + size_of(3);
	T; sum += plain<2>() + plain<4>();
	T; sum += nested<true, true>(2) + nested<false, false>(3) + nested<false, false>(4);
	T;
	sum += call([](auto number) {
		if constexpr (sizeof(number) == 4) {
			return 7; //= 1
		} else {
			return 8; //= 1
		}
	});
	T; return sum == 0;
}
