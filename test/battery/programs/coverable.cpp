/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 * What is code: lines that are counted, that are none, and of which the compiler makes none.
// varies: clang numbers lambdas otherwise when it optimises
 */
#include "log.h"
#include <cstdio>

#define TWICE(x) \
	do {     \
		x; \
		x; \
	} while (0)

template <class A> A never(A a)
{ //= -
	return a + 1; //= none
} //= -

template <class A, int N = (3 > 2)> struct several {
	A value{};
	A used()
	{ //= 1
		T; return value;
	}
	several() : value{} { //= 1
		T; value = 0;
	}
	A unused(int x = 3)
	{ //= -
		return value + x; //= none
	} //= -
	template <class B> B member(B b)
	{ //= -
		auto inner = [&] { return b; }; //= none
		return inner(); //= none
	} //= -
};

template <> struct several<char> {
	int used()
	{ //= 0
		return 0; //= 0
	}
};

constexpr int while_compiling(int n)
{ //= -
	int sum = 0; //= none
	for (int i = 0; i < n; i++) //= none
		sum += i; //= none
	return sum; //= none
}

consteval int immediately(int n)
{ //= -
	return n + 2; //= none
}

constexpr int also_later(int n)
{ //= 2
	return n * 2; //= 2
}

static int nobody_calls(int n)
{ //= 0
	return n; //= 0
}

static int returned(int n)
{ //= 2
	T; if (n) //= 2
	{
		T; return 1;
	}
	else
	{
		T; return 2;
	}
	n++; //= none
	return n; //= none
}

static int jumps(int n)
{ //= 3
	for (;;) {
		T; if (C(0, n > 2)) {
			T; break;
			n = 7; //= none
		}
		T; n++;
		continue;
		n = 8; //= none
	}
	T; goto out;
	n = 9; //= none
out:
	T; return n;
}

struct counts {
	int &n;
	~counts()
	{
		T; n++;
	}
};

static int leaves_at_once(int n)
{ //= 1
	for (int i = 0; i < 3; i++) { //= 1
		counts ended{n};
		if (true) { //= 1
			T; break;
		}
		n += 5; //= none
		if (n) //= none
			n = 6; //= none
	}
	T; return n;
}

static int promised(int n)
{ //= 2
	switch (n) { //= 2
	case 1: //= 1
		T; return 3;
	case 2: //= 1
		T; return 4;
	default: //= none
		__builtin_unreachable(); //= none
	}
}

static int constant(int n)
{ //= 1
	if (0) { //= 1
		n++; //= none
	}
	while (0) //= 1
		n++; //= none
	T; if (1) { //= 1
		T; n += 2;
	} else {
		n += 3; //= none
	}
#if 0
	n += 4; //= -
#endif
	/* n += 5; */ //= -
	T; TWICE(n++);
	T; return n;
}

static int lambdas(int n)
{ //= 1
	T; auto called = [](int x) {
		T; return x + 1;
	};
	T; auto uncalled = [n](int x) { //= 1
		x += n; //= 0
		return x; //= 0
	};
	int list[] = {1, 2, 3};
	(void)uncalled;
	T; return called(n) + list[2];
}

int main()
{ //= 1
	static_assert(while_compiling(3) == 3);
	several<int> s;
	T; int sum = s.used() + also_later(1) + also_later(2) + immediately(1);
	T; sum += returned(0) + returned(1);
	T; sum += jumps(0) + jumps(1) + jumps(5);
	T; sum += leaves_at_once(1);
	T; sum += promised(1) + promised(2);
	T; sum += constant(1) + lambdas(1);
	T; return sum == 0;
}
