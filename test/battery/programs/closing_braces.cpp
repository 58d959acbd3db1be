// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// A brace that closes a block of its own is come to by what is not left on the way: by return, continue,
// goto, throw.
#include "log.h"
#define TRY(x)                                                                                               \
	do {                                                                                                 \
		int _r = (x);                                                                                \
		if (_r)                                                                                      \
			return _r;                                                                           \
	} while (0)

struct Counted {
	int *p;
	~Counted()
	{
		++*p;
	}
};
static int z;

static int more(int a, int b)
{
	T;
	return a > b;
}

static int plain(int n)
{
	if (n > 2) {              //= 7
		n++;              //= 4
		if (more(n, 2))   //= 4
			return n; //= 4
	}                         //= 0
	return 0;                 //= 3
}

static int some(int n)
{
	if (n > 2) {              //= 7
		n++;              //= 4
		if (more(n, 5))   //= 4
			return n; //= 2
	}                         //= 2
	return 0;                 //= 5
}

static int local(int n)
{
	if (n > 2) {                //= 7
		int r = more(n, 2); //= 4
		if (r)              //= 4
			return r;   //= 4
	}                           //= 0
	return 0;                   //= 3
}

static int localsome(int n)
{
	if (n > 2) {                //= 7
		int r = more(n, 4); //= 4
		if (r)              //= 4
			return r;   //= 2
	}                           //= 2
	return 0;                   //= 5
}

static int destroyed(int n)
{
	if (n > 2) {              //= 7
		Counted r{&z};    //= 4
		if (n)            //= 4
			return z; //= 4
	}                         //= 0
	return 0;                 //= 3
}

static int destroyedsome(int n)
{
	if (n > 2) {              //= 7
		Counted r{&z};    //= 4
		if (n > 4)        //= 4
			return z; //= 2
	}                         //= 2
	return 0;                 //= 5
}

static void loop(int n)
{
	for (int i = 0; i < n; i++) { //= 25
		int r = more(n, 4);   //= 20
		if (r)                //= 20
			continue;     //= 11
		z++;                  //= 9
		if (i > 1)            //= 9
			break;        //= 2
	}                             //= 7
} //= 7

static int tried(int n)
{
	if (n > 2) {             //= 7
		TRY(more(n, 2)); //= 4
	}                        //= 0
	if (n > 1) {             //= 3
		TRY(more(        //= 1
			n,       //= 1
			2));     //= 1
	}                        //= 1
	return 0;                //= 3
}

static void thrown(int n)
{
	try {
		if (n > 2) {              //= 7
			if (n > 4)        //= 4
				throw n;  //= 2
		}                         //= 2
		while (n < 2) {           //= 6
			n++;              //= 3
			if (n == 2)       //= 3
				goto end; //= 2
		}                         //= 1
	} catch (int) {
		if (n > 5) {    //= 2
			return; //= 1
		}
	} //= 1
end:
	if (n > 1) {    //= 6
		n--;    //= 6
	} else {        //= 6
		return; //= 0
	}
	switch (n) {                   //= 6
	case 1:                        //= 3
		if (more(n, 0)) {      //= 3
			if (n)         //= 3
				break; //= 3
		}                      //= 0
	default:
		n++; //= 3
	}
}

/* Behind an `else` clang has no place for what goes on. */
static int thrower(int n)
{
	T; if (n > 4)
		throw n;
	T; return n;
}

static void otherwise(int n)
{
	try {
		if (n < 2) { //= 7
			z++; //= 2
		} else { //= 5
			thrower(n); z++; //= 5
		} //= 3
		while (n--) { //= 11
			thrower(n + 2); z++; //= 7
		} //= 6
		if (z < 0) { //= 4
			z++; //= 0
		} else { //= 4
			Counted c{&z}; //= 4
			thrower(n + 6); //= 4
		} //= 0
	} catch (int) {
		z--; //= 7
	} //= 7
} //= 7

static int forever(int n)
{
	for (;;) { //= 13
		if (n++ > 2) //= 13
			break; //= 7
		if (n == 2) //= 6
			continue; //= 2
	} //= 4
	while (true) { //= 41
		if (n-- < 1) //= 41
			return n; //= 7
	} //= 34
}

static int last(int n)
{
	if (n > 2) {              //= 7
		if (more(n, 2))   //= 4
			return n; //= 4
	} else {
		if (more(n, 5))   //= 3
			return n; //= 0
	}                         //= 3
	return 0;                 //= 3
}

int main(void)
{
	for (int n = 0; n < 7; n++) {
		T;
		plain(n);
		T;
		some(n);
		T;
		local(n);
		T;
		localsome(n);
		T;
		destroyed(n);
		T;
		destroyedsome(n);
		T;
		loop(n);
		T;
		tried(n);
		T;
		thrown(n);
		T;
		otherwise(n);
		T;
		forever(n);
		T;
		last(n);
	}
	T;
	return 0;
}
