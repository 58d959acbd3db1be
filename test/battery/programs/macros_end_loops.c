// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// A loop's body or a condition is a macro or ends with one, and behind it no code stands on its lines.
#include "log.h"
#include <stdint.h>
#define SWAPPED(x)    __builtin_bswap32(x)
#define BIG_ENDIAN(x) SWAPPED(x)
#define CHECKED(x) \
	do { \
		if (!(x)) \
			failures++; \
	} while (0)
#define RESET(x) \
	x = 7
#define RESET_ALL(t, n) \
	for (uint32_t j = 0; j < (1 << (n)); j++) \
		RESET((t)[j])
#define EACH(i, n) for (int i = 0; i < n; i++)
#define BITS 2
#define UNLIKELY(x) __builtin_expect(!!(x), 0)

static uint32_t table[8], rows[4][4];
static int failures;

static int more(int a, int b)
{
	T; return a > b;
}

static void swapped(uint32_t n)
{
	uint32_t turns = n;
	T; turns++;
	for (uint32_t i = 0; i < 8; i++) //= 27
		table[i] = BIG_ENDIAN(turns); //= 24

	return; //= 3
} //= 3

static void checked(int n)
{
	for (int i = 0; i < n; i++) //= 6
		CHECKED(more(1, i) == 1); //= 3
} //= 3

static void checked_over_lines(int n)
{
	for (int i = 0; i < n; i++) //= 6
		CHECKED(more(0,
			i) == 1);
} //= 3

/* The use of a macro that is a loop runs as often as control comes to it. */
static void reset(void)
{
	for (int i = 0; i < 4; i++) //= 15
		RESET_ALL(rows[i], BITS); //= 12

	for (int i = 0; i < 4; i++) { //= 15
		RESET_ALL(rows[i], 1); //= 12
		RESET(rows[i][3]); //= 12
	}
	RESET_ALL(table, 3); //= 3
	EACH(i, 4) //= 3
		RESET_ALL(rows[i], BITS); //= 12
	EACH(i, 2) //= 3
		EACH(j, 3) //= 6
			table[i] = j; //= 18
} //= 3

static int chosen(int n, int a, int b)
{
	int r = UNLIKELY(n == 1) //= 5
		? a //= 1
		: b; //= 4
	return r; //= 5
}

static int chosen_over_lines(int n, int b)
{
	int r = UNLIKELY(n == 0 || //= 5
		n == 1)
		? 3 //= 2
		: b; //= 3
	return r; //= 5
}

static int unlikely(int n)
{
	if (UNLIKELY(n >= 0 //= 3
		&& n == 2)) { //= 3
		T; return 1;
	}
	T; return 0;
}

int main(void)
{
	for (int n = 0; n < 3; n++) {
		T; swapped(n);
		T; reset();
		T; checked(n);
		T; checked_over_lines(n);
		T; unlikely(n);
	}
	for (int n = 0; n < 5; n++) {
		T; chosen(n, 1, 2);
		T; chosen_over_lines(n, 2);
	}
	T; return 0;
}
