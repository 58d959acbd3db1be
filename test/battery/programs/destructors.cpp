/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 * Destructors at each way out of a scope, of temporaries and of members, and one that throws. */
#include "log.h"

static int live;

struct object {
	int n;
	explicit object(int number) : n(number)
	{
		T; live++;
	}
	object(const object &other) : n(other.n)
	{
		T; live++;
	}
	~object()
	{
		T; live--;
	}
	bool large() const
	{
		T; return n > 2;
	}
};

struct angry {
	int n;
	~angry() noexcept(false)
	{
		T; if (C(0, n > 1)) {
			T; throw n;
		}
		T; live += 0;
	}
};

static int ways(int n)
{
	T; object a(n);
	for (int i = 0; C(1, i < 3); i++) {
		T; object b(i);
		T; if (C(2, object(n + i).large())) {
			T; break;
		}
		T; if (C(3, i == n)) {
			T; return i;
		}
		T; if (C(4, a.large() && b.large())) {
			T; continue;
		}
		T; live += 0;
	}
	T; return n;
}

static int ends(int n)
{
	T; angry a{n};
	T; return a.n;
}

int main()
{
	T; int x = 0;
	for (int n = 0; C(5, n < 4); n++) {
		T; x += ways(n);
		try {
			T; x += ends(n);
			T; x++;
		} catch (int) {
			T; x--;
		}
	}
	T; return x == 0;
}
