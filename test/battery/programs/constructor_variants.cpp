/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 * Constructors and destructors as whole objects' and as bases', delegating, inherited, copied. */
#include "log.h"

struct root {
	int n;
	explicit root(int number = 0) : n(number)
	{
		T; n++;
	}
	virtual ~root()
	{
		T; n--;
	}
};

struct left : virtual root {
	explicit left(int number) : root(number)
	{
		T; n += 2;
	}
	~left() override
	{
		T; n -= 2;
	}
};

struct right : virtual root {
	right() : right(7)
	{
		T; n += 4;
	}
	explicit right(int number) : root(number)
	{
		T; n += 8;
	}
	right(const right &other) : root(other)
	{
		T; n += 16;
	}
	~right() override
	{
		T; n -= 4;
	}
};

struct both : left, right {
	both() : root(1), left(2), right(3)
	{
		T; n += 32;
	}
};

struct inherits : right {
	using right::right;
	int more = n;
};

int main()
{
	T; both whole;
	T; left alone(4);
	T; right other;
	T; right copy(other);
	T; inherits given(5);
	T; root *made = new both;
	T; delete made;
	T; return whole.n + alone.n + copy.n + given.more == 0;
}
