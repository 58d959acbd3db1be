/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 * Stacks that are switched by hand: a generator that is left for good, and one that ends. */
#include "log.h"
#include <ucontext.h>

static ucontext_t caller, generator;
static char stack[1 << 16];
static int value;

static void yield(int n)
{
	T; value = n;
	T; swapcontext(&generator, &caller);
	T; value = -1;
}

static void generate(int n)
{
	for (int i = 0; C(0, i < n); i++) {
		T; yield(i);
		T; value = -2;
	}
	T; value = -3;
}

static int taken(int n, int times)
{
	T; getcontext(&generator);
	T; generator.uc_stack.ss_sp = stack;
	T; generator.uc_stack.ss_size = sizeof(stack);
	T; generator.uc_link = &caller;
	T; makecontext(&generator, (void (*)(void))generate, 1, n);
	T; int sum = 0;
	for (int i = 0; C(1, i < times); i++) {
		T; swapcontext(&caller, &generator);
		T; sum += value;
	}
	T; return sum;
}

static int twice(void)
{
	volatile int turns = 0;
	ucontext_t here;
	T; getcontext(&here);
	T; turns++;
	T; if (C(2, turns < 3)) {
		T; setcontext(&here);
		T; turns = 100;
	}
	T; return turns;
}

int main(void)
{
	T; int x = taken(5, 2);
	T; x += taken(2, 3);
	T; x += twice();
	T; return x == 0;
}
