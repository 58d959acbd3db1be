// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The brace of a block that a constant condition leads to: what comes to it is what goes on behind it.
#include "log.h"

static int z;

static int more(int a, int b)
{
	T;
	return a > b;
}

static void looped(int n)
{
	if (sizeof(int) == 4) {                 //= 7
		for (int i = 0; i < n; i++) {   //= 22
			z++;                    //= 18
			if (more(i, 2))         //= 18
				return;         //= 3
		}                               //= 15
	}                                       //= 4
	z++;                                    //= 4
}

static void otherwise(int n)
{
	if (sizeof(int) == 4) {    //= 7
		if (more(n, 2))    //= 7
			return;    //= 4
	} else { //= 3
		z--;
	}
	z++;                       //= 3
}

static void deadfirst(int n)
{
	if (sizeof(int) == 8) {    //= 7
		z--;               //= none
	} else {
		if (more(n, 2))    //= 7
			return;    //= 4
	}                          //= 3
	for (int i = 0; i < n; i++) //= 6
		z++;               //= 3
}

static void last(int n)
{
	if (n > 1) {                               //= 7
		if (sizeof(int) == 4) {            //= 5
			while (n < 9) {            //= 8
				if (more(++n, 4))  //= 8
					return;    //= 5
			}                          //= 3
		}                                  //= 0
	}                                          //= 0
	z++;                                       //= 2
}

static void labelled(int n)
{
	if (sizeof(int) == 4) {                 //= 7
		for (int i = 0; i < n; i++) {   //= 22
			if (more(i, 2))         //= 18
				goto end;       //= 3
		}                               //= 15
	}                                       //= 4
end:
	z++;                                    //= 7
}

static void folded(int n)
{
	do {
		z++;                //= 7
		if (more(n, 2))     //= 7
			break;      //= 4
		for (int i = 0; i < n; i++) //= 6
			if (i > 1)  //= 3
				return; //= 0
	} while (0); //= 3
	z++;                        //= 7
}

template <int N> static void known(int n)
{
	if constexpr (N > 2) {                  //= 7
		for (int i = 0; i < n; i++) {   //= 22
			if (more(i, 2))         //= 18
				return;         //= 3
		}                               //= 15
	}                                       //= 4
	z++;                                    //= 4
}

template <int N> static void chosen(int n)
{
	if constexpr (N > 2) {                  //= 7
		for (int i = 0; i < n; i++)     //= 22
			if (i > 2)              //= 18
				return;         //= 3
	} else {                                //= 4
		z--;
	}
	z++;                                    //= 4
}

static void bare(int n)
{
	z++;                                            //= 7
	{
		for (int i = 0; i < n; i++) {   //= 22
			if (more(i, 2))         //= 18
				return;         //= 3
		}                               //= 15
	}                                       //= 4
	z++;                                    //= 4
}

#define NOTHING
#define STORE z++;

static int odd(int n)
{
	T; if (n & 1)
		throw n;
	T; return n;
}

static int finished(int n)
{
	if (n < 2) {                    //= 7
		return 1;               //= 2
	} else {                        //= 5
		odd(n);                 //= 5
	}                               //= 3
	z++;                            //= 3
	return z;                       //= 3
}

static int repeated(int n)
{
	if (n < 2) {                    //= 7
		return 1;               //= 2
	} else {                        //= 5
		odd(n);                 //= 5
	}                               //= 3
	for (; more(n, 3); n--) {       //= 7
		z++;                    //= 4
	}
	while (n < 3) {                 //= 4
		z++, n++;               //= 1
	}
	return z;                       //= 3
}

static void finish(int n)
{
	try {
		finished(n);            //= 7
	} catch (int) {
		z--;                    //= 2
	}
	try {
		repeated(n);            //= 7
	} catch (int) {
		z--;                    //= 2
	}
}

static void commented(int n)
{
	try {
		odd(n);                 //= 7
/* A comment at the beginning of a line, before macros: one for nothing, and */ //= -
		NOTHING /* another. */
		STORE                   //= 4
	} catch (int) {
		z--;                    //= 3
	}
}

static void whole(int n)
{
	for (int i = 0; i < n; i++) {   //= 22
		if (more(i, 2))         //= 18
			return;         //= 3
	}                               //= 15
}                                       //= 7

int main(void)
{
	for (int n = 0; n < 7; n++) {
		T;
		looped(n);
		T;
		otherwise(n);
		T;
		deadfirst(n);
		T;
		last(n);
		T;
		labelled(n);
		T;
		folded(n);
		T;
		known<3>(n);
		T;
		chosen<3>(n);
		T;
		bare(n);
		T;
		whole(n);
		T;
		commented(n);
		T;
		finish(n);
	}
	T;
	return z < 0;
}
