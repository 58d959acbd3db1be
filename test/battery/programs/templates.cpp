/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 * Templates: several instances, specialisations, folds, branches that are discarded. */
// clang: 19 22
#include "log.h"
#include <type_traits>

template <typename N> static N largest(N a, N b)
{
	T; if (C(0, a > b)) {
		T; return a;
	}
	T; return b;
}

template <> int largest(int a, int b)
{
	T; return a > b ? a : b;
}

template <typename... N> static int sum(N... all)
{
	T; return (0 + ... + static_cast<int>(all));
}

template <typename N> static int kind(N n)
{
	T; int x = 0;
	if constexpr (std::is_floating_point_v<N>) {
		T; x = 1;
	} else if constexpr (std::is_pointer_v<N>) {
		T; x = 2;
		T; n++;
	} else {
		T; x = 3;
	}
	T; return x;
}

template <int N> struct depth {
	static int of()
	{
		T; return 1 + depth<N - 1>::of();
	}
};

template <> struct depth<0> {
	static int of()
	{
		T; return 0;
	}
};

int main()
{
	T; int x = largest(1, 2);
	T; x += static_cast<int>(largest(2.0, 1.0));
	T; x += static_cast<int>(largest(1L, 2L));
	T; x += sum() + sum(1) + sum(1, 2.0, 'c');
	T; x += kind(1) + kind(1.0) + kind(&x) + kind('c');
	T; x += depth<4>::of();
	T; return x == 0;
}
