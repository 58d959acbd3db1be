/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 * Aliases, weak functions, one chosen by a resolver, constructors and destructors of the program. */
#include "log.h"

static int ran;

static int real(int n)
{
	T; return n + 1;
}

__attribute__((alias("real"))) static int second_name(int n);

__attribute__((weak)) int weak(int n)
{
	T; return n + 2;
}

static int fast(int n)
{
	T; return n + 3;
}

static int slow(int n)
{
	T; return n + 4;
}

__attribute__((used)) static int (*resolve(void))(int)
{
	return ran == 0 ? fast : slow; //= 1
}

int chosen(int n) __attribute__((ifunc("resolve")));

__attribute__((constructor)) static void early(void)
{
	T; ran++;
}

__attribute__((destructor)) static void late(void)
{
	T; ran--;
}

__attribute__((always_inline)) static inline int inlined(int n)
{
	T; return C(0, n > 1) ? n : -n;
}

int main(void)
{
	T; int x = real(1);
	T; x += second_name(2);
	T; x += weak(3);
	T; x += chosen(4);
	T; x += inlined(5);
	T; x += inlined(1);
	T; return x == 0;
}
