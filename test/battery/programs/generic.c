/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 * Choices by type, builtins that promise or choose, compound literals and initialisers that compute, X-macros. */
#include "log.h"
#include <stdarg.h>

static int of_int(int n)
{
	T; return n;
}

static int of_double(double d)
{
	T; return (int)d + 1;
}

#define OF(x) _Generic((x), int: of_int, double: of_double)(x)

#define COLOURS(X) X(red, 1) X(green, 2) X(blue, 4)
#define NAME(name, bit) name = bit,
enum colours { COLOURS(NAME) };
#define CASE(name, bit) \
	case name: \
		return bit + 1;

static int colour(enum colours c)
{
	T; switch (c) {
		COLOURS(CASE)
	}
	T; return 0;
}

static int sum(int n, ...)
{
	va_list all;
	T; va_start(all, n);
	T; int x = 0;
	for (int i = 0; C(0, i < n); i++) {
		T; x += va_arg(all, int);
	}
	T; va_end(all);
	T; return x;
}

struct point {
	int x, y;
	int all[3];
};

static int literals(int n)
{
	T; struct point p = {.y = of_int(n), .x = of_int(1), .all = {[1 ... 2] = 3}};
	T; p.x += ((struct point){of_int(2), n}).y;
	T; int list[] = {of_int(n), C(1, n > 1) ? of_int(2) : of_int(3), sum(2, 1, n)};
	T; return p.x + p.all[2] + list[1];
}

static int promises(int n)
{
	T; if (C(2, __builtin_expect(n > 2, 0))) {
		T; n++;
	}
	T; if (C(3, __builtin_constant_p(n))) {
		T; n++;
	}
	T; n += __builtin_choose_expr(sizeof(n) == 4, of_int(2), of_double(2));
	T; __builtin_prefetch(&n);
	if (n < -100)
		__builtin_unreachable();
	T; return n;
}

static _Bool booleans(int n)
{
	T; _Bool some = n & 1;
	T; some |= (n > 2);
	T; some ^= 1;
	T; return some && !C(4, n == 4);
}

int main(void)
{
	T; int x = 0;
	for (int n = 0; C(5, n < 5); n++) {
		T; x += OF(n) + OF(2.0);
		T; x += colour((enum colours)n);
		T; x += literals(n) + promises(n) + booleans(n);
		T; x += sum(3, n, 2, 3) + sum(0);
	}
	T; return x == 0;
}
