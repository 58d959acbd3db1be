/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 * setjmp comes back several times, as a condition, as a value, as a switch. */
#include "log.h"
#include <setjmp.h>

static jmp_buf place;

static int counted(void)
{
	volatile int turns = 0;
	T; int value = setjmp(place);
	T; turns++;
	T; if (C(0, value < 3)) {
		T; longjmp(place, value + 1);
	}
	T; return turns;
}

static int chosen(void)
{
	volatile int turns = 0;
	T; switch (setjmp(place)) { //= 1
	case 0:
		T; turns++;
		T; longjmp(place, 2);
	case 2:
		T; turns++;
		T; longjmp(place, 5);
	default:
		T; turns++;
		break;
	}
	T; return turns;
}

static int looped(void)
{
	volatile int turns = 0;
	while (C(1, setjmp(place) < 4)) {
		T; turns++;
		T; longjmp(place, turns + 1);
	}
	T; return turns;
}

int main(void)
{
	T; int x = counted();
	T; x += chosen();
	T; x += looped();
	T; return x == 0;
}
