/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 * Several handlers, a rethrow through a nested function, and a throw out of a handler. */
#include "log.h"
#include <stdexcept>
#include <string>

static void raise(int n)
{
	T; switch (n) {
	case 0:
		T; throw 1;
	case 1:
		T; throw 2.5;
	case 2:
		T; throw std::runtime_error("x");
	case 3:
		T; throw std::string("x");
	}
	T; return;
}

static void again()
{
	T; throw;
}

static int handled(int n)
{
	T; int x = 0;
	try {
		T; raise(n);
		T; x = 1;
	} catch (int) {
		T; x = 2;
	} catch (double) {
		try {
			T; again();
			T; x = 100;
		} catch (double) {
			T; x = 3;
		}
		T; x++;
	} catch (const std::exception &) {
		T; x = 4;
		T; throw 7;
	} catch (...) {
		T; x = 5;
	}
	T; return x;
}

int main()
{
	T; int x = 0;
	for (int n = 0; C(0, n < 6); n++) {
		try {
			T; x += handled(n);
			T; x++;
		} catch (int thrown) {
			T; x += thrown;
		}
	}
	T; return x == 0;
}
