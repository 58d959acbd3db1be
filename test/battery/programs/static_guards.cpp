/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 * Local statics are made once, or tried again after a throw. */
#include "log.h"

static int tries;

static int make(int n)
{
	T; tries++;
	T; if (C(0, tries < 3)) {
		T; throw n;
	}
	T; return n;
}

static int once(int n)
{
	T; static int value = make(n);
	T; return value;
}

struct counted {
	counted()
	{
		T; tries++;
	}
	~counted()
	{
		T; tries--;
	}
};

static int object()
{
	T; static counted one;
	T; static thread_local counted two;
	T; return sizeof(one) + sizeof(two);
}

inline int shared(int n)
{
	T; static const int kept = C(1, n > 2) ? n : -n;
	T; return kept;
}

int main()
{
	T; int x = 0;
	for (int n = 0; C(2, n < 6); n++) {
		try {
			T; x += once(n);
			T; x++;
		} catch (int) {
			T; x--;
		}
		T; x += object();
		T; x += shared(n);
	}
	T; return x == 0;
}
