/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 * Assembly and builtins that do not come back: a trap, a jump by the compiler's own setjmp. */
#include "log.h"
#include <signal.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

static void *place[5];

static void leaves(int n)
{
	T; if (C(0, n > 1)) {
		T; __builtin_longjmp(place, 1);
	}
	T; n++;
}

static int jumped(int n)
{
	volatile int x = n;
	T; if (C(1, __builtin_setjmp(place) == 0)) {
		T; leaves(x);
		T; x += 10;
	} else {
		T; x += 20;
	}
	T; return x;
}

static int trapped(int n)
{
	T; if (C(2, n > 1))
		__asm__ volatile(".byte 0x0f, 0x0b"); //= 1
	T; n++;
	T; return n;
}

static int by_builtin(int n)
{
	T; n += trapped(n & 1);
	T; if (C(3, n == 3))
		__builtin_trap(); //= 2
	T; return n;
}

static int barrier(int n)
{
	T; __asm__ volatile("" : : : "memory");
	T; return n;
}

static int in_child(int (*work)(int), int n)
{
	T; pid_t child = fork();
	T; if (C(4, child == 0)) {
		T; int x = work(n);
		T; _exit(x);
	}
	int status;
	T; waitpid(child, &status, 0);
	T; return status;
}

int main(void)
{
	struct rlimit none = {0, 0};
	T; setrlimit(RLIMIT_CORE, &none);
	T; int x = jumped(1);
	T; x += jumped(2);
	for (int n = 1; C(5, n < 3); n++) {
		T; x += in_child(trapped, n);
		T; x += in_child(by_builtin, n);
		T; x += barrier(n);
	}
	T; return x == 0;
}
