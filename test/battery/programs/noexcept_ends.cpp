/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 * An exception meets noexcept: the program is at its end, frames and all. */
#include "log.h"
#include <exception>
#include <unistd.h>

static void raise(int n)
{
	T; if (C(0, n == 3)) {
		T; throw n;
	}
	T; return;
}

static int promise(int n) noexcept
{
	T; raise(n);
	T; return n;
}

static void last()
{
	T; _exit(0);
}

int main()
{
	T; std::set_terminate(last);
	T; int x = 0;
	for (;;) {
		T; x += promise(x);
		T; x++;
		T; x += x & 1 ? 0 : 0;
	}
}
