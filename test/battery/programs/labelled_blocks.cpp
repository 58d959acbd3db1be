// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Labels of a `switch`, one or several in a row, and the braces of blocks behind them: what comes to one falls
// through; where nothing does, it counts as the code before it.
#include "log.h"

static int z;

static int more(int a, int b)
{
	T;
	return a > b;
}

static void cased(int n)
{
	switch (n) {                    //= 7
	case 3: {                       //= 1
		if (more(n, 2))         //= 1
			return;         //= 1
	}                               //= 0
	default:                        //= 3
		z++;                    //= 3
		break;                  //= 3
	case 1:                         //= 1
	case 5: {                       //= 2
		if (more(n, 4))         //= 2
			return;         //= 1
	}                               //= 1
	case 6:                         //= 2
		z++;                    //= 2
	}
	z++;                            //= 5
}

static void casedmore(int n)
{
	switch (n) {                    //= 7
	case 1: {                       //= 1
		if (more(n, 2))         //= 1
			return;         //= 0
		z++;                    //= 1
	}                               //= 1
		z++;                    //= 1
		break;                  //= 1
	case 2: {                       //= 1
		if (more(n, 1))         //= 1
			return;         //= 1
	}                               //= 0
		z--;                    //= 0
	case 4: {                       //= 1
		for (int i = 0; i < n; i++) { //= 4
			if (more(i, 2))       //= 4
				return;       //= 1
		}                       //= 3
	}                               //= 0
	case 5:                         //= 1
	label: {                        //= 1
		if (more(n, 5))         //= 1
			goto label;     //= 0
	}                               //= 1
	}
	z++;                            //= 5
}

static void broken(int n)
{
	switch (n) {                    //= 7
	case 1: {                       //= 1
		z++;                    //= 1
		break;                  //= 1
	}                               //= 1
	case 2: case 3: {               //= 2
		z--;                    //= 2
		break;                  //= 2
	}                               //= 2
	default: break;                 //= 4
	}
} //= 7

static void fallen(int n)
{
	switch (n) {                    //= 7
	case 1: {                       //= 1
		z++;                    //= 1
		break;                  //= 1
	}                               //= 1
	case 2: case 3: {               //= 2
		if (more(n, 2))         //= 2
			break;          //= 1
		z--;                    //= 1
	}                               //= 1
	case 4: {                       //= 2
		z++;                    //= 2
	}                               //= 2
	break;                          //= 2
	default: break;                 //= 3
	}
	z++;                            //= 7
}

static void chained(int n)
{
	switch (n) {                    //= 7
	case 20:                        //= 0
	case 21:                        //= 0
	case 22: {                      //= 0
		z++;                    //= 0
		break;                  //= 0
	}                               //= 0
	case 1: {                       //= 1
		more(n, 2);             //= 1
		break;                  //= 1
	}                               //= 1
	case 2:                         //= 1
	case 3:                         //= 2
	case 4: {                       //= 3
		if (more(n, 3)) {       //= 3
			z--;            //= 1
			break;          //= 1
		}                       //= 1
		break;                  //= 2
	}                               //= 2
	case 5:                         //= 1
	case 6:                         //= 2
	default: {                      //= 3
		more(n, 3);             //= 3
	}                               //= 3
	}
	z++;                            //= 7
}

#define CASE(x) case x:

static void given(int n)
{
	switch (n) {                    //= 7
	CASE(20)                        //= 0
	CASE(21)                        //= 0
	CASE(22) {                      //= 0
		z++;                    //= 0
		break;                  //= 0
	}                               //= 0
	CASE(1) {                       //= 1
		more(n, 2);             //= 1
		break;                  //= 1
	}                               //= 1
	CASE(2)                         //= 1
	CASE(3)                         //= 2
	CASE(4) {                       //= 3
		if (more(n, 3))         //= 3
			break;          //= 1
		z--;                    //= 2
	}                               //= 2
	CASE(5)                         //= 3
	case 7:                         //= 3
	CASE(6) {                       //= 4
		z++;                    //= 4
		break;                  //= 4
	}                               //= 4
	CASE(30)                        //= 0
	default:                        //= 1
		z--;                    //= 1
	}
}

int main(void)
{
	for (int n = 0; n < 7; n++) {
		T;
		cased(n);
		T;
		casedmore(n);
		T;
		broken(n);
		T;
		fallen(n);
		T;
		chained(n);
		T;
		given(n);
	}
	T;
	return z < 0;
}
