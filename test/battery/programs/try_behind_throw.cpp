// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// What follows a `try` where an earlier call has already left the function: clang has no white space that leads to it.
#include "log.h"

static int set;

static int throws_at_2(int n)
{
	T; if (n == 2)
		throw n;
	T; return n;
}

static int with_return(int n)
{
	set += throws_at_2(n); //= 5
	try {
		set += throws_at_2(n + 1); //= 4
	} catch (int thrown) {
		set = thrown; //= 1
	}
	set += 2; //= 4
	return set; //= 4
}

static void to_the_end(int n)
{
	T; if (n != 7 && throws_at_2(n)) {
		try {
			set++; //= 3
		} catch (int thrown) {
			set = thrown; //= none
		}
	}
	set += 2; //= 4
}

static void twice(int n)
{
	try {
		set += throws_at_2(n); //= 5
	} catch (int thrown) {
		set += throws_at_2(n + n / 2); //= 1
	}
	set++; //= 5
	set += throws_at_2(n - 1); //= 5
	try {
		T; set += throws_at_2(n - 2);
	} catch (int thrown) {
		set = thrown; //= 1
	}
	set++; //= 4
}

/* Here a region is not what the line begins with. */
static void on_one_line(int n)
{
	set++; //= 5
	set += throws_at_2(n); set = set && n; //= 5
	set++; //= 4
}

int main()
{
	for (int n = 0; n < 5; n++) {
		try {
			T; set += with_return(n);
		} catch (int) {
		}
		try {
			T; to_the_end(n);
		} catch (int) {
		}
		try {
			T; twice(n);
		} catch (int) {
		}
		try {
			T; on_one_line(n);
		} catch (int) {
		}
	}
	T; return 0;
}
