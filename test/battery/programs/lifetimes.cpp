/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 * What runs before and after main and around threads: globals, inline variables, thread-locals, temporaries. */
#include "log.h"
#include <thread>

struct object {
	int n;
	object(int number) : n(number)
	{
		T; n++;
	}
	object(const object &other) : n(other.n)
	{
		T; n += 2;
	}
	~object()
	{
		T; n = 0;
	}
	int get() const
	{
		T; return n;
	}
};

static int early(int n)
{
	T; return C(0, n > 2) ? n : 2;
}

static object first(early(1));
inline object second(early(3));
static int sum = early(2) + early(4);
static const int &extended = early(7);
thread_local object mine(early(5));

template <int N> struct holder {
	static inline object kept{early(N)};
};

static object by_value(object o)
{
	T; return o;
}

static object named(int n)
{
	T; object result(n);
	T; result.n += early(n);
	T; return result;
}

static int temporaries(int n)
{
	T; const object &bound = object(n);
	T; int x = by_value(bound).get() + object(n).get();
	T; x += C(1, n > 1) ? object(3).get() : named(n).get();
	T; return x + bound.n;
}

static void worker(int n)
{
	T; if (C(2, n > 0)) {
		T; mine.n += n;
	}
	T; sum += 0;
}

int main()
{
	T; int x = holder<3>::kept.n + holder<1>::kept.n + second.n;
	for (int n = 0; C(3, n < 3); n++) {
		T; std::thread(worker, n).join();
		T; x += temporaries(n);
	}
	T; return x + mine.n + first.n + extended == 0;
}
