/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 * Functions that are try blocks, delegated constructors that throw, handlers in loops, exceptions that are copied. */
#include "log.h"

static int copies;

struct error {
	int n;
	explicit error(int number) : n(number)
	{
		T; copies++;
	}
	error(const error &other) : n(other.n)
	{
		T; copies++;
	}
	~error()
	{
		T; copies--;
	}
};

static int fails(int n)
{
	T; if (C(0, n & 1)) {
		T; throw error(n);
	}
	T; return n;
}

static int body(int n)
try {
	T; int x = fails(n);
	T; return x;
} catch (const error &e) {
	T; return -e.n;
}

struct part {
	int n;
	explicit part(int number) : n(fails(number))
	{
		T; n++;
	}
	~part()
	{
		T; n--;
	}
};

struct whole : part {
	part second;
	whole(int a, int b)
	try : part(a), second(b) {
		T; n++;
	} catch (error &e) {
		T; e.n += 100;
	}
	explicit whole(int n) : whole(n, n)
	{
		T; fails(n / 2);
		T; second.n++;
	}
	~whole()
	{
		T; second.n--;
	}
};

static int loops(int n)
{
	T; int x = 0;
	for (int i = 0; C(1, i < n); i++) {
		try {
			T; x += fails(i);
			T; if (C(2, i == 4)) {
				T; break;
			}
			T; continue;
		} catch (error e) {
			T; if (C(3, e.n == 1)) {
				T; continue;
			}
			T; x += e.n;
		}
		T; x += 10;
	}
	T; return x;
}

static int nested(int n)
{
	try {
		T; fails(n);
		try {
			T; fails(n / 2);
			T; return 1;
		} catch (const error &e) {
			T; fails(e.n / 2);
			T; return 2;
		}
	} catch (const error &) {
		T; n = 3;
	}
	T; return n;
}

int main()
{
	T; int x = 0;
	for (int n = 0; C(4, n < 8); n++) {
		T; x += body(n);
		T; x += loops(n);
		T; x += nested(n);
		try {
			T; whole w(n);
			T; x += w.n;
		} catch (const error &e) {
			T; x += e.n;
		}
		try {
			T; whole w(n & 2, n & 1);
			T; x += w.second.n;
		} catch (const error &) {
			T; x--;
		}
	}
	T; return x == 0;
}
