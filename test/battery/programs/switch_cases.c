/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 * Falling through, ranges of cases, a default in the middle, a switch without any that fits. */
#include "log.h"

static int falls(int n)
{
	T; int x = 0;
	switch (n) {
	case 0:
		T; x += 1;
		/* fall through */
	case 1:
		T; x += 2;
		break;
	default:
		T; x += 4;
		/* fall through */
	case 2:
		T; x += 8;
	}
	T; return x;
}

static int ranges(int n)
{
	T; int x = 0;
	switch (n) {
	case -5 ... -1:
		T; x = 1;
		break;
	case 0:
	case 1 ... 3:
		T; x = 2;
		/* fall through */
	case 4 ... 100:
		T; x++;
		break;
	case 101:
		T; x = 7;
		break;
	}
	T; return x;
}

static int none(int n)
{
	switch (n) {
	case 77:
		T; return 1;
	}
	switch (n) {
	}
	T; return 0;
}

static int jumps(int n)
{
	for (int i = 0; C(0, i < 4); i++) {
		switch (n + i) {
		case 2:
			T; continue;
		case 3:
			T; goto out;
		case 4:
			T; return i;
		}
		T; n++;
	}
out:
	T; return n;
}

int main(void)
{
	T; int x = 0;
	for (int n = -6; C(1, n < 7); n++) {
		T; x += falls(n);
		T; x += ranges(n);
		T; x += none(n);
		T; x += jumps(n);
	}
	T; return x == 0;
}
