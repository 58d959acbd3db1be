/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 * Conditions that the compiler knows the value of, behind calls that may not come back: their lines have no code. */
#include "log.h"
#include <setjmp.h>

static jmp_buf out;
static int count;

static int ends(int at)
{
	T; if (C(0, at == 3)) {
		T; longjmp(out, 1);
	}
	T; return at;
}

static void loops(int at)
{
	for (int i = 0; C(1, i < 1); i++) {
		for (int j = 0; C(2, j < 1); j++) {
			T; ends(at);
		}
		if (sizeof(int) == 4) //= 3
			continue; //= 3
		for (int j = 0; j < 1; j++) { //= none
			count++; //= none
		}
	}
	T; ends(at + 2);
	if (sizeof(int) == 4) { //= 2
		T; count++;
	} else {
		count--; //= none
	}
	T; ends(at + 1);
	if (sizeof(int) == 8) //= 1
		count--; //= none
	else if (sizeof(char) == 1) //= 1
		count++; //= 1
	T; count++;
}

/* What ends a loop stands where the loop begins. */
static void left_loop(int at)
{
	T; ends(at);
	if (sizeof(int) == 4) { //= 2
		for (int i = 0; C(8, i < 2); i++) {
			T; ends(at + i);
		}
	} else {
		count--; //= none
	}
	T; count++;
}

/* A label keeps the arm, and makes a jump behind the statement that stands at the condition. */
static int labelled(int at)
{
	int a[3];
	for (int i = 0; i < 3; i++)
		a[i] = i; //= 3
	if ((0xD9L >= 0L)) //= 1
	{
		for (int i = 0; C(11, i < 5); i++) {
			T; ends(at++);
		}
	} else {
		count--; //= none
		if (count > 3) //= none
			goto out; //= none
		ends(1); //= none
	}
out:
	if (count > 5) { //= 0
		T; count++;
	}
	T; return a[1];
}

/* The argument is computed before the call, whatever follows it. */
static void arguments(int at)
{
	ends(
		at + (sizeof(int) == 4 ? 1 : 2) //= 1
	);
	T; ends(
		sizeof(int) == 8 ? 1 : 3 //= 1
	);
	if (sizeof(int) == 4) { //= 0
		T; count++;
	}
}

int main(void)
{
	T; ends(0);
	T; if (C(3, !setjmp(out)))
		loops(0); //= 1
	T; if (C(4, !setjmp(out)))
		loops(1); //= 1
	T; if (C(5, !setjmp(out)))
		loops(2); //= 1
	T; if (C(6, !setjmp(out)))
		loops(3); //= 1
	T; if (C(7, !setjmp(out)))
		arguments(0); //= 1
	T; if (C(9, !setjmp(out)))
		left_loop(0); //= 1
	T; if (C(10, !setjmp(out)))
		left_loop(2); //= 1
	T; if (C(12, !setjmp(out)))
		labelled(1); //= 1
	if (sizeof(int) == 8) //= 1
		arguments(0); //= none
	T; return count != 5;
}
