/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 * Duff's device, computed goto, goto out of nested loops, a switch that falls through, a statement expression. */
#include "log.h"

static int duff(int n)
{
	T; int sum = 0, rounds = (n + 3) / 4;
	switch (n % 4) {
		do {
		case 0:
			T; sum++;
		case 3:
			T; sum++;
		case 2:
			T; sum++;
		case 1:
			T; sum++;
		} while (C(0, --rounds > 0));
	}
	T; return sum;
}

static int computed(int n)
{
	static void *const labels[] = {&&even, &&odd};
	T; int x = 0;
	T; goto *labels[n & 1];
even:
	T; x += 2;
odd:
	T; x += 1;
	T; return x;
}

static int nested(int n)
{
	T; int x = 0;
	for (int i = 0; C(1, i < 5); i++) {
		for (int j = 0; C(2, j < 5); j++) {
			T; x++;
			T; if (C(3, x == n)) {
				T; goto out;
			}
		}
		T; x += 10;
	}
	T; x = -1;
out:
	T; return x;
}

int main(void)
{
	T; int sum = 0;
	for (int n = 1; C(4, n < 9); n++) {
		T; sum += duff(n);
		T; sum += computed(n);
		T; sum += nested(n);
		T; sum += C(5, n > 3) ? n : -n;
		T; sum += C(6, n & 1) || C(7, n > 5);
	}
	T; return sum == 0;
}
