/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 * Virtual functions reached by thunks and with covariant results; pure ones with a body. */
#include "log.h"

struct first {
	virtual ~first() = default;
	virtual int value(int n)
	{
		T; return n;
	}
};

struct second {
	virtual ~second() = default;
	virtual second *self()
	{
		T; return this;
	}
	virtual int other(int n) = 0;
};

int second::other(int n)
{
	T; return n + 1;
}

struct joined : first, second {
	int value(int n) override
	{
		T; return C(0, n > 1) ? first::value(n) : 0;
	}
	joined *self() override
	{
		T; return this;
	}
	int other(int n) override
	{
		T; return second::other(n) + 1;
	}
};

struct below : virtual second {
	int other(int n) override
	{
		T; return n * 2;
	}
};

struct lowest : first, below {
	int other(int n) override
	{
		T; return below::other(n) * 2;
	}
};

int main()
{
	T; joined j;
	T; lowest l;
	second *all[] = {&j, &l};
	T; int x = 0;
	for (int n = 0; C(1, n < 4); n++) {
		T; x += all[n & 1]->other(n);
		T; x += all[n & 1]->self() != nullptr;
		T; x += static_cast<first &>(j).value(n);
	}
	T; return x == 0;
}
