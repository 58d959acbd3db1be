/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception */
#include <stdio.h>
#include <string>
#include <vector>
#define TWICE(x) ((x)*2)
#define CHECK(c)                                                                                             \
	do {                                                                                                 \
		if (!(c)) {                                                                                  \
			puts("bad");                                                                         \
		}                                                                                            \
	} while (0)
#define NEST(x)     (TWICE(x) > 3 ? TWICE(x) : 0)
#define POSITIVE(x) ((x) > 0)
#define BOTH(x, y)  (POSITIVE(x) && POSITIVE(y))
#define OR_TWO(x)   ((x) ? (x) : 2)
template <class T> bool checked(T a, T b)
{
	return BOTH(a, b) || POSITIVE(b);
}
template <class T> T biggest(T a, T b)
{
	return a > b ? a : b;
}
struct S {
	int v = 3;
	S()
	{
	}
	explicit S(int x) : v(x)
	{
	}
	~S()
	{
	}
	bool operator<(const S &o) const
	{
		return v < o.v;
	}
};
#if 0
int gone() { return 1; }
#endif
static inline int unused(int x)
{
	return x ? 1 : 2;
}
int main()
{
	std::vector<int> v{1, 2, 3};
	int sum = 0;
	for (int x : v) {
		if (x & 1 && x > 1)
			sum += TWICE(x);
		else
			sum += NEST(x);
		CHECK(sum > 0);
	}
	auto f = [&](int k) { return k > 2 ? sum : -sum; };
	switch (f(3)) {
	case 1:
		break;
	case 2:
#ifdef FOO
		puts("foo");
#endif
	default:
		printf("%d\n", biggest(1, 2) + (int)biggest(2.0, 1.0));
	}
	for (int i = -1; i < 2; i++)
		sum += checked(i, 1) + checked(1.0, 2.0) + BOTH(i, sum) + OR_TWO(i > 0 && sum) +
		       OR_TWO(POSITIVE(i));
	S a, b(4);
	try {
		if (a < b)
			throw 1;
	} catch (int) {
		puts("caught");
	}
	do {
		sum--;
	} while (sum > 0);
	return 0;
}
