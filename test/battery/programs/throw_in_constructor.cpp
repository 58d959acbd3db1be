/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 * Constructors that throw: of a member, of a base, half-way through an array. */
#include "log.h"

static int made;

struct part {
	int n;
	explicit part(int number) : n(number)
	{
		T; if (C(0, n == 2)) {
			T; throw n;
		}
		T; made++;
	}
	~part()
	{
		T; made--;
	}
};

struct numbered {
	part p;
	numbered() : p(made)
	{
		T; p.n++;
	}
	~numbered()
	{
		T; p.n--;
	}
};

struct whole : part {
	part second;
	whole(int a, int b) : part(a), second(b)
	{
		T; made += 10;
		T; made -= 10;
	}
	~whole()
	{
		T; second.n = 0;
	}
};

static int build(int a, int b)
{
	T; whole w(a, b);
	T; return w.n + w.second.n;
}

static int array(int n)
{
	T; made = n;
	T; numbered all[3];
	T; return all[0].p.n;
}

int main()
{
	T; int x = 0;
	for (int n = 0; C(1, n < 5); n++) {
		try {
			T; x += build(n, 4 - n + 1);
			T; x++;
		} catch (int) {
			T; x += 2;
		}
		try {
			T; x += array(n);
			T; x++;
		} catch (int) {
			T; x += 4;
		}
	}
	T; return x == 0;
}
