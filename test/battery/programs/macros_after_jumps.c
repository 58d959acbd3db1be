// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Macros as statements behind a jump, of which clang 22 gives what they are given a place of its own, and calls that do not
// come back in what a macro is given.
// regions: all run
#include "log.h"
#include <setjmp.h>

#define CHECK(condition) if (condition) set = 3
#define ENSURE(condition) do { if (condition) set = 3; } while (0)
#define REPEAT(condition) while (condition) set++
#define LATER(condition)         \
	if (condition)           \
		set = 4;         \
	set++
#define SURE(condition) (condition)
#define BOTH(a, b) ((a) && (b))

static jmp_buf out;
static volatile int set;

static int leaves_at_2(int n)
{
	if (n == 2)
		longjmp(out, 1);
	return n == 1;
}

static int behind_return(int n)
{
	T;
	if (leaves_at_2(n - 10))
		return 3;
	CHECK(C(0, n == 9));
	ENSURE(C(1, n == 1));
	REPEAT(C(2, set < n));
	LATER(C(3, n > 3));
	T;
	if (n == 4)
		return 4;
	CHECK(C(4, n
		== 5));
	T;
	return 1;
}

static void never_true(int n)
{
	T;
	if (n > 3)
		return;
	CHECK(C(11, n == 99));
	ENSURE(C(12, n == 98));
	T;
}

static void behind_goto(int n)
{
	T;
	for (int i = 0; i < 3; i++) {
		if (i == n)
			continue;
		CHECK(C(5, i == 2));
		T;
		if (n > 1)
			break;
		LATER(C(6, i == 1));
		T;
	}
	T;
}

static void given_what_leaves(int n)
{
	T;
	CHECK(C(7, leaves_at_2(n)));
	T;
	if (SURE(C(8, leaves_at_2(n + 1))))
		T;
	CHECK(BOTH(C(9, !leaves_at_2(n - 1)), C(10, leaves_at_2(n - 2))));
	T;
}

int main(void)
{
	volatile int i;
	for (i = 0; i < 14; i++) {
		if (!setjmp(out))
			behind_return(i);
	}
	for (i = 0; i < 4; i++)
		behind_goto(i);
	for (i = 0; i < 6; i++)
		never_true(i);
	for (i = 0; i < 8; i++) {
		if (!setjmp(out))
			given_what_leaves(i);
	}
	T;
	return 0;
}
