/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 * goto forward, back and into blocks, past arrays of variable length, a switch within a switch, loops within. */
#include "log.h"
#include <string.h>

static int back(int n)
{
	T; int turns = 0;
again: {
	T; char text[n + 1];
	T; memset(text, n, sizeof(text));
	T; if (C(0, text[0] < 3)) {
		T; n++;
		T; turns++;
		T; goto again;
	}
	T; turns += text[n - 1];
}
	T; return turns;
}

static int into(int n)
{
	T; if (C(1, n == 2)) {
		T; goto middle;
	}
	for (int i = 0; C(2, i < n); i++) {
		T; n--;
middle:
		T; i = 1;
	}
	T; return n;
}

static int two(int a, int b)
{
	T; int x = 0;
	switch (a) {
	case 0:
		switch (b) {
		case 0:
			T; x++;
			break;
		case 1:
			T; return 7;
		default:
			T; x += 2;
		}
		T; x += 3;
		/* fall through */
	case 1:
		do {
			T; if (C(3, b == 1)) {
				T; continue;
			}
			T; if (C(4, b == 2)) {
				T; break;
			}
			T; x += 4;
		} while (C(5, b++ < 1));
		T; x += 5;
		break;
	case 2:
		while (1) {
			T; if (C(6, b > 1)) {
				T; goto out;
			}
			T; b++;
			T; if (C(7, b == 2)) break;
		}
		T; x += 6;
	}
	T; x++;
out:
	T; return x;
}

static int machine(const char *text)
{
	enum { START, WORD, NUMBER } state = START;
	T; int words = 0;
	for (;;) {
		T; char c = *text++;
		switch (state) {
		case START:
			T; state = C(8, c >= 'a') ? WORD : C(9, c >= '0') ? NUMBER : START;
			if (!C(10, c)) { T;
				T; return words;
			}
			continue;
		case WORD:
			if (C(11, c < 'a')) { T;
				T; words++;
				break;
			}
			continue;
		case NUMBER:
			if (C(12, c >= '0') && C(13, c <= '9')) { T;
				T; continue;
			}
		}
		T; state = START;
		T; text--;
	}
}

int main(void)
{
	T; int x = machine("ab 12 c3 d");
	for (int n = 1; C(14, n < 5); n++) {
		T; x += back(n);
		T; x += into(n);
	}
	for (int a = 0; C(15, a < 4); a++)
		for (int b = 0; C(16, b < 4); b++) {
			T; x += two(a, b);
		}
	T; return x == 0;
}
