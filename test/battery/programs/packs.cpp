/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 * What a pack is expanded to has conditions for each of its elements: on a line of their own they add up. */
#include "log.h"

static int same(int n)
{
	T; return n;
}

template <typename... A> static int chosen(int n, A... a)
{
	T; int r = 0;
	((a > n
		? r += 1 //= 13
		: r -= 1), ...); //= 12
	((a > n
		&& same(n)
		? r += same(1) //= 8
		: r -= same(2)), ...); //= 17
	T; return r;
}

template <typename... A> static bool all(int n, A... a)
{
	return (... && (same(a)
		> n)); //= 7
}

static int thrown(int n)
{
	T; if (C(0, n == 2)) {
		T; throw n;
	}
	T; return n;
}

template <typename... A> static int until(int n, A... a)
{
	T; int r = 0;
	try {
		((a > n
			? r += thrown(a) //= 4
			: r -= 1), ...); //= 9
		T; r++;
	} catch (int x) {
		T; r += x;
	}
	T; return r;
}

int main()
{
	T; int x = 0;
	for (int n = 0; C(1, n < 5); n++) {
		T; x += chosen(n, 1, 2, 3) + chosen(n, 2L, 'a');
		T; x += until(n, 1, 2, 3);
		T; x += all(n, 1, 2, 3);
	}
	T; return x == 1;
}
